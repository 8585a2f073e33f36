// Whether a board's driver does what the library relies on: run it once on a real board, before the factory stores the ledger, for it
// writes over both slots. It uses the functions of the quick start (capi/README.md) and nothing of the library but its sizes.
//
//     1. board_check() has to give NULL; otherwise it says what is wrong.
//     2. Cut the power, start the board, and call board_check_after_cut(): NULL again.
//
// A driver that ignores the slot's number seems to work: each record is read back as it was written. It loses the ledger at the first torn
// write, for there is no older record to fall back on. Not seen here: whether both slots lie in one erase unit that is erased and written
// back whole. That shows when the power is cut during a write: look at the data sheet.
#include <stddef.h>
#include <string.h>

#include <offline_reset.h>

uint64_t board_uptime(void);
void board_entropy(uint8_t bytes[ORP_ENTROPY_SIZE]);
int board_read(uint8_t slots[ORP_SLOTS_SIZE]);
int board_write(uint32_t slot, const uint8_t bytes[ORP_RECORD_SIZE]);
const char *board_check(void);
const char *board_check_after_cut(void);

static void pattern(uint8_t bytes[ORP_RECORD_SIZE], unsigned which)
{
    for (unsigned i = 0; i < ORP_RECORD_SIZE; i++) {
        bytes[i] = (uint8_t)(which * 37u + i * 11u + 1u);
    }
}

// Both slots as they should be now: NULL, or what is wrong.
static const char *compare(unsigned first, unsigned second)
{
    uint8_t slots[ORP_SLOTS_SIZE], wanted[2][ORP_RECORD_SIZE];
    pattern(wanted[0], first);
    pattern(wanted[1], second);
    memset(slots, 0, sizeof slots);
    if (!board_read(slots)) {
        return "board_read fails";
    }
    if (memcmp(slots, wanted[0], ORP_RECORD_SIZE) == 0 && memcmp(slots + ORP_RECORD_SIZE, wanted[1], ORP_RECORD_SIZE) == 0) {
        return NULL;
    }
    if (memcmp(slots, wanted[1], ORP_RECORD_SIZE) == 0 && memcmp(slots + ORP_RECORD_SIZE, wanted[0], ORP_RECORD_SIZE) == 0) {
        return "the slots are exchanged between board_write and board_read";
    }
    if (memcmp(slots, slots + ORP_RECORD_SIZE, ORP_RECORD_SIZE) == 0) {
        return "both slots are one: board_write or board_read ignores the slot";
    }
    return "a slot does not hold what was written to it last";
}

const char *board_check(void)
{
    uint8_t bytes[ORP_RECORD_SIZE], entropy[2][ORP_ENTROPY_SIZE];
    uint64_t before = board_uptime();
    unsigned held[2] = {0, 1};
    for (unsigned i = 0; i < 2; i++) {
        pattern(bytes, held[i]);
        if (!board_write(i, bytes)) {
            return "board_write fails";
        }
    }
    // each slot in turn, over what it held: only that one changes; bits go up and down, so that a slot that is not erased shows
    for (unsigned i = 2; i < 34; i++) {
        const char *wrong = compare(held[0], held[1]);
        if (wrong != NULL) {
            return wrong;
        }
        held[i / 2 % 2] = i;
        pattern(bytes, i);
        if (!board_write(i / 2 % 2, bytes)) {
            return "board_write fails";
        }
    }
    board_entropy(entropy[0]);
    board_entropy(entropy[1]);
    if (memcmp(entropy[0], entropy[1], ORP_ENTROPY_SIZE) == 0) {
        return "board_entropy gives the same twice";
    }
    if (board_uptime() < before) {
        return "board_uptime goes back";
    }
    return compare(held[0], held[1]);
}

const char *board_check_after_cut(void)
{
    // a clock of the wall, or one that runs on without power, is no uptime: a day is more than anybody waits here
    if (board_uptime() > 86400u) {
        return "board_uptime did not begin anew: it is to count from the start of the device";
    }
    return compare(33, 31); // as board_check leaves them
}
