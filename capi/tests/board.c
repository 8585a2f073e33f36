// The board that README's quick start asks for, and a whole reset through it: quick start and this file are linked with the library alone.
#include <stdio.h>
#include <string.h>

#include <offline_reset.h>

uint64_t board_uptime(void);
void board_entropy(uint8_t bytes[ORP_ENTROPY_SIZE]);
int board_read(uint8_t slots[ORP_SLOTS_SIZE]);
int board_write(uint32_t slot, const uint8_t bytes[ORP_RECORD_SIZE]);
void board_wipe(void *secret, size_t size);
void board_log(const char *line);
void reset_close(int keep);
int reset_start(uint8_t d[ORP_KEY_BYTES], const uint8_t check[ORP_CHECK_SIZE], const char *serial);
orp_status reset_forgot(orp_shown *shown, uint32_t *detail);
orp_status reset_code(uint32_t session, const char *code, uint8_t grant[ORP_HANDLE_SIZE], uint32_t *detail);
int reset_take(const uint8_t grant[ORP_HANDLE_SIZE]);
int reset_finish(void);
int reset_reload(void);

static uint8_t flash[ORP_SLOTS_SIZE];
static uint64_t now;
static int is_worn, is_blind, is_deaf;

uint64_t board_uptime(void)
{
    return now++;
}

void board_entropy(uint8_t bytes[ORP_ENTROPY_SIZE])
{
    memset(bytes, 7, ORP_ENTROPY_SIZE);
}

int board_read(uint8_t slots[ORP_SLOTS_SIZE])
{
    memcpy(slots, flash, sizeof flash);
    return !is_blind;
}

int board_write(uint32_t slot, const uint8_t bytes[ORP_RECORD_SIZE])
{
    if (!is_worn && !is_deaf) {
        memcpy(flash + slot * ORP_RECORD_SIZE, bytes, ORP_RECORD_SIZE);
    }
    return !is_deaf;
}

void board_wipe(void *secret, size_t size)
{
    memset(secret, 0, size);
}

void board_log(const char *line)
{
    puts(line);
}

static orp_status desk(const char *text, const uint8_t d_of_device[ORP_KEY_BYTES], int32_t term, char code[ORP_CODE_SIZE])
{
    static orp_key key;
    uint8_t d[ORP_KEY_BYTES];
    orp_received received;
    memcpy(d, d_of_device, sizeof d);
    orp_status status = orp_read(text, strlen(text), &received, NULL, NULL);
    if (status == ORP_OK) {
        status = orp_key_take(&key, d);
    }
    if (status == ORP_OK) {
        status = orp_answer(&received, &key, term, code);
    }
    return status;
}

int main(void)
{
    static const uint8_t root[ORP_KEY_BYTES] = {5};
    uint8_t d[ORP_KEY_BYTES], again[ORP_KEY_BYTES];
    uint8_t check[ORP_CHECK_SIZE], grant[ORP_HANDLE_SIZE] = {0}, other_grant[ORP_HANDLE_SIZE];
    uint32_t detail = 77;
    orp_shown shown, other;
    char code[ORP_CODE_SIZE], again_code[ORP_CODE_SIZE], wrong[ORP_CODE_SIZE];
    orp_status status = ORP_CHECK;
    int step = 0;
#define STEP(good)                       \
    do {                                 \
        step++;                          \
        if (!(good)) {                   \
            printf("step %d\n", step);   \
            return 1;                    \
        }                                \
    } while (0)
    memset(flash, 0xff, sizeof flash);
    STEP(orp_root_derive(root, "CAM1", 4, d) == ORP_OK);
    STEP(orp_genesis(d, "CAM1", 4, flash, check) == ORP_OK);
    memcpy(again, d, sizeof d);
    STEP(reset_start(d, check, "CAM1"));
    STEP(reset_forgot(&shown, &detail) == ORP_OK);
    STEP(desk(shown.text, again, ORP_DYNAMIC_PASSWORD_1_H, code) == ORP_OK);
    STEP(reset_code(7, "1", grant, &detail) == ORP_LENGTH && detail == 1);
    STEP(!reset_take(grant));
    is_blind = 1; /* nothing waits, nothing is lost */
    STEP(reset_code(7, code, grant, &detail) == ORP_STORE_FAILED);
    STEP(reset_forgot(&other, &detail) == ORP_STORE_FAILED);
    STEP(reset_reload());
    is_blind = 0;
    STEP(reset_forgot(&other, &detail) == ORP_OK && strcmp(shown.text, other.text) == 0);

    /* a wrong code that is counted: a digit is changed, and one last digit passes */
    memcpy(wrong, code, sizeof wrong);
    wrong[5] = (char)(wrong[5] == '9' ? '0' : wrong[5] + 1);
    for (wrong[13] = '0'; wrong[13] <= '9'; wrong[13]++) {
        status = reset_code(7, wrong, grant, &detail);
        if (status != ORP_CHECK) {
            break;
        }
    }
    STEP(status == ORP_REJECTED);

    /* a caller that goes away between two calls: whoever comes next finishes its step */
    is_deaf = 1;
    STEP(reset_code(7, wrong, grant, &detail) == ORP_STORE_FAILED);
    STEP(!reset_finish());
    is_deaf = 0;
    STEP(reset_forgot(&other, &detail) == ORP_PENDING);
    STEP(reset_finish());
    STEP(reset_forgot(&other, &detail) == ORP_OK && strcmp(shown.text, other.text) == 0);

    /* a code that came too late: the same challenge and the same code, until the one ends or the other is good for longer */
    STEP(desk(shown.text, again, ORP_DYNAMIC_PASSWORD_10_MIN, code) == ORP_OK);
    now += 600;
    STEP(reset_code(7, code, grant, &detail) == ORP_EXPIRED);
    reset_close(1);
    STEP(reset_forgot(&other, &detail) == ORP_OK && strcmp(shown.text, other.text) == 0);
    STEP(desk(other.text, again, ORP_DYNAMIC_PASSWORD_10_MIN, again_code) == ORP_OK && strcmp(code, again_code) == 0);
    STEP(desk(other.text, again, ORP_DYNAMIC_PASSWORD_1_H, code) == ORP_OK);
    is_worn = 1;
    STEP(reset_code(7, code, grant, &detail) == ORP_STORE_FAILED); // not compared
    is_worn = 0;
    STEP(reset_code(7, code, grant, &detail) == ORP_POISONED && detail == 0);
    STEP(reset_reload());
    STEP(reset_forgot(&shown, &detail) == ORP_OK && strcmp(shown.text, other.text) != 0);
    now += 10;
    reset_close(0);
    STEP(reset_forgot(&other, &detail) == ORP_OK && strcmp(shown.text, other.text) != 0);
    STEP(desk(other.text, again, ORP_DYNAMIC_PASSWORD_1_H, code) == ORP_OK);
    STEP(reset_code(7, code, grant, &detail) == ORP_OK);
    memcpy(other_grant, grant, sizeof grant);
    other_grant[15] ^= 1;
    STEP(!reset_take(other_grant));
    STEP(reset_take(grant));
    STEP(!reset_take(grant));
    STEP(reset_code(7, code, grant, &detail) == ORP_NO_CHALLENGE);
    printf("%d steps\n", step);
    return 0;
}
