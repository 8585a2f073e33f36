// examples/c/board_check.c finds nothing in a driver that does what it has to, and each defect in one that does not.
#include "check.h"

uint64_t board_uptime(void);
void board_entropy(uint8_t bytes[ORP_ENTROPY_SIZE]);
int board_read(uint8_t slots[ORP_SLOTS_SIZE]);
int board_write(uint32_t slot, const uint8_t bytes[ORP_RECORD_SIZE]);
const char *board_check(void);
const char *board_check_after_cut(void);

// Those from AFTER_CUT on show after the cut alone.
enum defect {
    NONE, ONE_SLOT_WRITTEN, ONE_SLOT_READ, EXCHANGED, BOTH_WRITTEN, NOT_ERASED, NEIGHBOUR_ERASED, READ_FAILS, WRITE_FAILS, WRITES_HALF,
    SAME_ENTROPY, CLOCK_GOES_BACK, AFTER_CUT, CACHED = AFTER_CUT, WALL_CLOCK, DEFECTS
};

static enum defect defect;
static uint8_t flash[ORP_SLOTS_SIZE], cache[ORP_SLOTS_SIZE];
static uint64_t now;
static unsigned drawn;

uint64_t board_uptime(void)
{
    uint64_t since = defect == WALL_CLOCK ? UINT64_C(1780000000) : 0;
    return since + (defect == CLOCK_GOES_BACK ? 100 - now++ : now++);
}

void board_entropy(uint8_t bytes[ORP_ENTROPY_SIZE])
{
    memset(bytes, (int)(defect == SAME_ENTROPY ? 0 : drawn++), ORP_ENTROPY_SIZE);
}

int board_read(uint8_t slots[ORP_SLOTS_SIZE])
{
    const uint8_t *from = defect == CACHED ? cache : flash;
    memcpy(slots, from, ORP_SLOTS_SIZE);
    if (defect == ONE_SLOT_READ) {
        memcpy(slots + ORP_RECORD_SIZE, from, ORP_RECORD_SIZE);
    }
    return defect != READ_FAILS;
}

int board_write(uint32_t slot, const uint8_t bytes[ORP_RECORD_SIZE])
{
    uint8_t *to = defect == CACHED ? cache : flash;
    uint32_t at = defect == ONE_SLOT_WRITTEN ? 0 : defect == EXCHANGED ? 1 - slot : slot;
    if (defect == NEIGHBOUR_ERASED) {
        memset(to, 0xff, ORP_SLOTS_SIZE);
    }
    for (size_t i = 0; i < ORP_RECORD_SIZE; i++) {
        if (defect == NOT_ERASED) { // bits of flash go down alone
            to[at * ORP_RECORD_SIZE + i] &= bytes[i];
        } else if (defect != WRITES_HALF || i < ORP_RECORD_SIZE / 2) {
            to[at * ORP_RECORD_SIZE + i] = bytes[i];
        }
    }
    if (defect == BOTH_WRITTEN) {
        memcpy(to + (1 - at) * ORP_RECORD_SIZE, bytes, ORP_RECORD_SIZE);
    }
    return defect != WRITE_FAILS;
}

int main(void)
{
    int found = 0;
    for (int which = NONE; which < DEFECTS; which++) {
        defect = (enum defect)which;
        now = 0;
        drawn = 0;
        memset(flash, 0xff, sizeof flash);
        memset(cache, 0xff, sizeof cache);
        const char *wrong = board_check();
        if (which != NONE && which < AFTER_CUT) {
            found += wrong != NULL;
            CHECK(wrong != NULL);
            continue;
        }
        CHECK(wrong == NULL);
        memset(cache, 0xff, sizeof cache); // the cut
        now = 0;
        wrong = board_check_after_cut();
        CHECK((wrong != NULL) == (which != NONE));
        found += wrong != NULL;
    }
    printf("%d defects of a driver found, %d failures\n", found, failures);
    return failures != 0;
}
