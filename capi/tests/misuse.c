// Every function against a caller that errs: NULL, misaligned, overlapping, short, out of order, never set up, moved. Nothing may happen
// then but a status; the sanitizers and valgrind watch.
#include <stdlib.h>

#include "check.h"

static const char serial[] = "CAM1";
static const char address[] = "jan@example.nl";
static const char url[] = "HTTPS://RESET.EXAMPLE.COM/R/";
static const uint8_t entropy[ORP_ENTROPY_SIZE] = {1};
static const uint8_t root[ORP_KEY_BYTES] = {2};
static uint8_t slots[ORP_SLOTS_SIZE], value[ORP_CHECK_SIZE];
static orp_device device;

enum { SESSION = 0x5e551041 };

static orp_record record;
static orp_shown shown;
static orp_loaded loaded;
static orp_info info;
static orp_reset reset;
static orp_purpose purpose;
static uint8_t handle[ORP_HANDLE_SIZE]; // the handle of the last Grant
static char text[ORP_QR_SIZE];
static size_t len;
static uint32_t detail;

// A key of one byte, and whether all of its bytes are that.
static uint8_t *filled_with(uint8_t d[ORP_KEY_BYTES], int fill)
{
    return (uint8_t *)memset(d, fill, ORP_KEY_BYTES);
}

static int is_filled(const uint8_t d[ORP_KEY_BYTES], int fill)
{
    return d[0] == fill && memcmp(d, d + 1, ORP_KEY_BYTES - 1) == 0;
}

// As the factory leaves it, and then started.
static void start(orp_device *which, uint64_t now)
{
    uint8_t d[ORP_KEY_BYTES];
    memset(slots, 0xff, sizeof slots);
    EXPECT(orp_root_derive(root, serial, 4, d), ORP_OK);
    EXPECT(orp_genesis(d, serial, 4, slots, value), ORP_OK);
    EXPECT(orp_device_load(which, d, serial, 4, value, 0, NULL, slots, now, &loaded), ORP_OK);
    CHECK(loaded.ledger == ORP_LEDGER_GOOD && loaded.slot[0] == ORP_SLOT_VALID && loaded.slot[1] == ORP_SLOT_BLANK && loaded.seq[0] == 1);
}

static void open_at(orp_device *which, int32_t origin, int32_t mail, uint64_t now)
{
    int32_t status = orp_open(which, origin, ORP_ACCOUNT_PASSWORD, mail, entropy, now, slots, &record, &shown, NULL);
    if (status == ORP_STORE) {
        store(slots, &record);
        status = orp_show(which, slots, &shown);
    }
    EXPECT(status, ORP_OK);
}

// What the desk would say to what is shown.
static void answer(const char *challenge, size_t challenge_len, int32_t term, char code[ORP_CODE_SIZE])
{
    uint8_t d[ORP_KEY_BYTES];
    orp_key key;
    orp_received received;
    EXPECT(orp_root_derive(root, serial, 4, d), ORP_OK);
    EXPECT(orp_key_take(&key, d), ORP_OK);
    EXPECT(orp_read(challenge, challenge_len, &received, NULL, NULL), ORP_OK);
    EXPECT(orp_answer(&received, &key, term, code), ORP_OK);
    EXPECT(orp_key_wipe(&key), ORP_OK);
}

static void submit(orp_device *which, int32_t origin, const char *code, uint64_t now)
{
    EXPECT(orp_submit(which, origin, SESSION, code, strlen(code), now, slots, &record, NULL), ORP_STORE);
}

// A right code at the local screen, up to the Grant.
static void reach_grant(orp_device *which, uint64_t now)
{
    char code[ORP_CODE_SIZE];
    open_at(which, ORP_LOCAL, 0, now);
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);
    submit(which, ORP_LOCAL, code, now);
    store(slots, &record);
    EXPECT(orp_compare(which, slots, &record), ORP_STORE);
    store(slots, &record);
    EXPECT(orp_grant(which, slots, handle), ORP_OK);
}

// Every function that has a device, with all else in order.
enum {
    LOAD, WIPE, RELOAD, OPEN, SHOW, LIVE, QR, CLOSE, WITHDRAW, SUBMIT, COMPARE, GRANT, STANDING, PURPOSE, TAKE, DROP, LOGIN, ALLOW,
    LOWERED, PENDING, FINISH, ABANDON, INFO, FUNCTIONS
};

static int32_t call(int which, orp_device *to)
{
    uint8_t d[ORP_KEY_BYTES] = {3};
    switch (which) {
    case LOAD: return orp_device_load(to, d, serial, 4, value, 0, NULL, slots, 5, &loaded);
    case WIPE: return orp_device_wipe(to);
    case RELOAD: return orp_device_reload(to, slots, 5, &loaded);
    case OPEN: return orp_open(to, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 5, slots, &record, &shown, &detail);
    case SHOW: return orp_show(to, slots, &shown);
    case LIVE: return orp_live(to, ORP_LOCAL, 5, &shown);
    case QR: return orp_qr(to, ORP_LOCAL, 5, NULL, 0, NULL, 0, text, sizeof text, &len);
    case CLOSE: return orp_close_local(to, 0);
    case WITHDRAW: return orp_withdraw(to);
    case SUBMIT: return orp_submit(to, ORP_LOCAL, SESSION, "1929-4926-8276", 14, 5, slots, &record, &detail);
    case COMPARE: return orp_compare(to, slots, &record);
    case GRANT: return orp_grant(to, slots, handle);
    case STANDING: return orp_standing(to, ORP_LOCAL, 5, &detail);
    case PURPOSE: return orp_grant_purpose(to, ORP_LOCAL, handle, &purpose);
    case TAKE: return orp_grant_take(to, ORP_LOCAL, handle, 5, &reset);
    case DROP: return orp_grant_drop(to, ORP_LOCAL, handle);
    case LOGIN: return orp_login(to, 5, slots, &record);
    case ALLOW: return orp_allow_again(to, 5, slots, &record);
    case LOWERED: return orp_lowered(to, slots);
    case PENDING: return orp_pending(to, &record);
    case FINISH: return orp_finish(to, slots, &record);
    case ABANDON: return orp_abandon(to);
    default: return orp_device_info(to, &info);
    }
}

static void devices(void)
{
    static orp_device other;
    static uint64_t room[ORP_DEVICE_SIZE / 8 + 1];
    static const unsigned char patterns[] = {0x00, 0x01, 0xa5, 0xff};
    orp_device *misaligned = (orp_device *)(void *)((char *)room + 1);
    for (int which = 0; which < FUNCTIONS; which++) {
        EXPECT(call(which, NULL), ORP_NULL);
        EXPECT(call(which, misaligned), ORP_MISALIGNED);
        if (which == LOAD || which == WIPE) { // need no device that was set up
            continue;
        }
        for (size_t p = 0; p < sizeof patterns; p++) {
            memset(&device, patterns[p], sizeof device);
            other = device;
            EXPECT(call(which, &device), ORP_NOT_SET_UP);
            CHECK(is_unchanged(&other, &device, sizeof device));
        }
        srand(4);
        for (int round = 0; round < 1000; round++) {
            for (size_t i = 0; i < sizeof device; i++) {
                ((unsigned char *)&device)[i] = (unsigned char)(rand() >> 4);
            }
            EXPECT(call(which, &device), ORP_NOT_SET_UP);
        }
        uint8_t d[ORP_KEY_BYTES] = {3};
        EXPECT(orp_key_take((orp_key *)(void *)&device, d), ORP_OK); // a struct of another type
        EXPECT(call(which, &device), ORP_NOT_SET_UP);

        start(&device, 0);
        reach_grant(&device, 1); // worth copying
        other = device;
        EXPECT(call(which, &other), ORP_MOVED);
        CHECK(is_unchanged(&other, &device, sizeof device));
        memmove((char *)room + 8, &device, sizeof device);
        EXPECT(call(which, (orp_device *)(void *)((char *)room + 8)), ORP_MOVED);
        EXPECT(orp_device_wipe(&device), ORP_OK);
        EXPECT(call(which, &device), ORP_NOT_SET_UP);
        for (size_t i = 0; i < sizeof device; i++) {
            CHECK(((unsigned char *)&device)[i] == 0);
        }
    }
}

// The pointers of each function that may not be NULL, one by one; nothing is written then.
static void nulls(void)
{
    uint8_t d[ORP_KEY_BYTES] = {3}, was[ORP_KEY_BYTES];
    static orp_device before;
    start(&device, 0);
    before = device;
    memcpy(was, d, sizeof d);
    EXPECT(orp_device_load(&device, NULL, serial, 4, value, 0, NULL, slots, 5, NULL), ORP_NULL);
    EXPECT(orp_device_load(&device, d, NULL, 4, value, 0, NULL, slots, 5, NULL), ORP_NULL);
    EXPECT(orp_device_load(&device, d, serial, 4, NULL, 0, NULL, slots, 5, NULL), ORP_NULL);
    EXPECT(orp_device_load(&device, d, serial, 4, value, 0, NULL, NULL, 5, NULL), ORP_NULL);
    EXPECT(orp_device_reload(&device, NULL, 5, NULL), ORP_NULL);
    EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, NULL, 5, slots, &record, &shown, NULL), ORP_NULL);
    EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 5, NULL, &record, &shown, NULL), ORP_NULL);
    EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 5, slots, NULL, &shown, NULL), ORP_NULL);
    EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 5, slots, &record, NULL, NULL), ORP_NULL);
    EXPECT(orp_show(&device, NULL, &shown), ORP_NULL);
    EXPECT(orp_show(&device, slots, NULL), ORP_NULL);
    EXPECT(orp_live(&device, ORP_LOCAL, 5, NULL), ORP_NULL);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, NULL, 3, NULL, 0, text, sizeof text, &len), ORP_NULL);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, NULL, 0, NULL, 3, text, sizeof text, &len), ORP_NULL);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, NULL, 0, NULL, 0, NULL, sizeof text, &len), ORP_NULL);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, NULL, 0, NULL, 0, text, sizeof text, NULL), ORP_NULL);
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, NULL, 14, 5, slots, &record, NULL), ORP_NULL);
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, "1", 1, 5, NULL, &record, NULL), ORP_NULL);
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, "1", 1, 5, slots, NULL, NULL), ORP_NULL);
    EXPECT(orp_compare(&device, NULL, &record), ORP_NULL);
    EXPECT(orp_compare(&device, slots, NULL), ORP_NULL);
    EXPECT(orp_grant(&device, NULL, handle), ORP_NULL);
    EXPECT(orp_grant(&device, slots, NULL), ORP_NULL);
    EXPECT(orp_grant_purpose(&device, ORP_LOCAL, NULL, &purpose), ORP_NULL);
    EXPECT(orp_grant_purpose(&device, ORP_LOCAL, handle, NULL), ORP_NULL);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, NULL, 5, &reset), ORP_NULL);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 5, NULL), ORP_NULL);
    EXPECT(orp_grant_drop(&device, ORP_LOCAL, NULL), ORP_NULL);
    EXPECT(orp_login(&device, 5, NULL, &record), ORP_NULL);
    EXPECT(orp_login(&device, 5, slots, NULL), ORP_NULL);
    EXPECT(orp_allow_again(&device, 5, NULL, &record), ORP_NULL);
    EXPECT(orp_allow_again(&device, 5, slots, NULL), ORP_NULL);
    EXPECT(orp_lowered(&device, NULL), ORP_NULL);
    EXPECT(orp_finish(&device, NULL, &record), ORP_NULL);
    EXPECT(orp_finish(&device, slots, NULL), ORP_NULL);
    EXPECT(orp_pending(&device, NULL), ORP_NULL);
    EXPECT(orp_device_info(&device, NULL), ORP_NULL);
    CHECK(is_unchanged(&before, &device, sizeof device) && memcmp(was, d, sizeof d) == 0);

    // what may be NULL
    EXPECT(orp_standing(&device, ORP_LOCAL, 5, NULL), ORP_OK);
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, NULL, 0, 5, slots, &record, NULL), ORP_EMPTY);
    EXPECT(orp_device_reload(&device, slots, 5, NULL), ORP_OK);

    orp_key key;
    orp_received received;
    orp_corrections found;
    char code[ORP_CODE_SIZE];
    EXPECT(orp_mask(NULL, 3, text, sizeof text, &len), ORP_NULL);
    EXPECT(orp_mask(address, 14, NULL, sizeof text, &len), ORP_NULL);
    EXPECT(orp_mask(address, 14, text, sizeof text, NULL), ORP_NULL);
    EXPECT(orp_root_message(NULL, 4, (uint8_t *)text, sizeof text, &len), ORP_NULL);
    EXPECT(orp_root_message(serial, 4, NULL, sizeof text, &len), ORP_NULL);
    EXPECT(orp_root_message(serial, 4, (uint8_t *)text, sizeof text, NULL), ORP_NULL);
    EXPECT(orp_root_derive(NULL, serial, 4, d), ORP_NULL);
    EXPECT(orp_root_derive(root, NULL, 4, d), ORP_NULL);
    EXPECT(orp_root_derive(root, serial, 4, NULL), ORP_NULL);
    EXPECT(orp_root_check_message(0, NULL), ORP_NULL);
    EXPECT(orp_root_check(NULL, 0, value), ORP_NULL);
    EXPECT(orp_root_check(d, 0, NULL), ORP_NULL);
    EXPECT(orp_root_check_value(NULL, 0, value), ORP_NULL);
    EXPECT(orp_root_check_value(root, 0, NULL), ORP_NULL);
    EXPECT(orp_genesis(NULL, serial, 4, slots, value), ORP_NULL);
    EXPECT(orp_genesis(d, NULL, 4, slots, value), ORP_NULL);
    EXPECT(orp_genesis(d, serial, 4, NULL, value), ORP_NULL);
    EXPECT(orp_genesis(d, serial, 4, slots, NULL), ORP_NULL);
    EXPECT(orp_key_take(NULL, d), ORP_NULL);
    EXPECT(orp_key_take(&key, NULL), ORP_NULL);
    EXPECT(orp_key_wipe(NULL), ORP_NULL);
    EXPECT(orp_read(NULL, 1, &received, NULL, NULL), ORP_NULL);
    EXPECT(orp_read("1", 1, NULL, NULL, NULL), ORP_NULL);
    EXPECT(orp_read_typed(NULL, 1, &received, NULL, NULL), ORP_NULL);
    EXPECT(orp_read_typed("1", 1, NULL, NULL, NULL), ORP_NULL);
    EXPECT(orp_read_qr(NULL, 1, &received, NULL, NULL), ORP_NULL);
    EXPECT(orp_read_qr("1", 1, NULL, NULL, NULL), ORP_NULL);
    EXPECT(orp_read(NULL, 0, &received, NULL, NULL), ORP_EMPTY);
    EXPECT(orp_correct(NULL, 1, &found, NULL), ORP_NULL);
    EXPECT(orp_correct("1", 1, NULL, NULL), ORP_NULL);
    EXPECT(orp_spell('A', ORP_ENGLISH, NULL), ORP_NULL);

    EXPECT(orp_key_take(&key, d), ORP_OK);
    open_at(&device, ORP_LOCAL, 0, 20);
    EXPECT(orp_read(shown.text, strlen(shown.text), &received, NULL, NULL), ORP_OK);
    EXPECT(orp_canonical(NULL, text, sizeof text, &len), ORP_NULL);
    EXPECT(orp_canonical(&received, NULL, sizeof text, &len), ORP_NULL);
    EXPECT(orp_canonical(&received, text, sizeof text, NULL), ORP_NULL);
    EXPECT(orp_verify(NULL, &key), ORP_NULL);
    EXPECT(orp_verify(&received, NULL), ORP_NULL);
    EXPECT(orp_answer(NULL, &key, 1, code), ORP_NULL);
    EXPECT(orp_answer(&received, NULL, 1, code), ORP_NULL);
    EXPECT(orp_answer(&received, &key, 1, NULL), ORP_NULL);
    EXPECT(orp_address(NULL, &key, text, sizeof text, &len), ORP_NULL);
    EXPECT(orp_address(&received, NULL, text, sizeof text, &len), ORP_NULL);
    EXPECT(orp_address(&received, &key, NULL, sizeof text, &len), ORP_NULL);
    EXPECT(orp_address(&received, &key, text, sizeof text, NULL), ORP_NULL);
    EXPECT(orp_secure_code(NULL, &key, 7, text, sizeof text, &len, code), ORP_NULL);
    EXPECT(orp_secure_code(&received, NULL, 7, text, sizeof text, &len, code), ORP_NULL);
    EXPECT(orp_secure_code(&received, &key, 7, NULL, sizeof text, &len, code), ORP_NULL);
    EXPECT(orp_secure_code(&received, &key, 7, text, sizeof text, NULL, code), ORP_NULL);
    EXPECT(orp_secure_code(&received, &key, 7, text, sizeof text, &len, NULL), ORP_NULL);
}

// What is written shares memory with nothing.
static void overlaps(void)
{
    union any {
        orp_device device;
        orp_key key;
        orp_received received;
        orp_record record;
        orp_shown shown;
        orp_reset reset;
        uint8_t bytes[1024];
        char text[1024];
        size_t len;
        uint32_t detail;
        int32_t number;
    } *u = (union any *)calloc(1, sizeof *u);
    if (u == NULL) {
        exit(2);
    }
    start(&device, 0);
    start(&u->device, 0);
    EXPECT(orp_device_load(&u->device, u->bytes + 8, serial, 4, value, 0, NULL, slots, 5, NULL), ORP_OVERLAP);
    EXPECT(orp_device_load(&u->device, u->bytes + 400, u->text + 8, 4, value, 0, NULL, slots, 5, NULL), ORP_OVERLAP);
    EXPECT(orp_device_load(&u->device, u->bytes + 400, serial, 4, value, 0, NULL, u->bytes + ORP_DEVICE_SIZE - 1, 5, NULL), ORP_OVERLAP);
    EXPECT(orp_device_load(&u->device, u->bytes + 400, serial, 4, u->bytes + 8, 0, NULL, slots, 5, NULL), ORP_OVERLAP);
    EXPECT(orp_device_reload(&u->device, u->bytes, 5, NULL), ORP_OVERLAP);
    EXPECT(orp_device_reload(&device, slots, 5, (orp_loaded *)(void *)slots), ORP_OVERLAP);
    EXPECT(orp_open(&u->device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, u->bytes, 5, slots, &record, &shown, NULL), ORP_OVERLAP);
    EXPECT(orp_open(&u->device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 5, u->bytes, &record, &shown, NULL), ORP_OVERLAP);
    EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 5, slots, &u->record, &u->shown, NULL), ORP_OVERLAP);
    EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 5, slots, &record, &u->shown, &u->detail), ORP_OVERLAP);
    EXPECT(orp_show(&device, u->bytes, &u->shown), ORP_OVERLAP);
    EXPECT(orp_live(&u->device, ORP_LOCAL, 5, &u->shown), ORP_OVERLAP);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, u->text, 3, NULL, 0, u->text, 600, &len), ORP_OVERLAP);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, NULL, 0, NULL, 0, u->text, 600, &u->len), ORP_OVERLAP);
    EXPECT(orp_submit(&u->device, ORP_LOCAL, SESSION, u->text, 14, 5, slots, &record, NULL), ORP_OVERLAP);
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, "1", 1, 5, u->bytes, &u->record, NULL), ORP_OVERLAP);
    EXPECT(orp_compare(&device, u->bytes, &u->record), ORP_OVERLAP);
    EXPECT(orp_compare(&u->device, slots, &u->record), ORP_OVERLAP);
    EXPECT(orp_grant(&u->device, u->bytes + 64, handle), ORP_OVERLAP);
    EXPECT(orp_grant(&device, u->bytes, u->bytes + 63), ORP_OVERLAP);
    EXPECT(orp_grant_purpose(&u->device, ORP_LOCAL, u->bytes, &purpose), ORP_OVERLAP);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, u->bytes, 5, &u->reset), ORP_OVERLAP);
    EXPECT(orp_grant_drop(&u->device, ORP_LOCAL, u->bytes), ORP_OVERLAP);
    EXPECT(orp_grant_purpose(&u->device, ORP_LOCAL, handle, (orp_purpose *)(void *)u), ORP_OVERLAP);
    EXPECT(orp_grant_take(&u->device, ORP_LOCAL, handle, 5, &u->reset), ORP_OVERLAP);
    EXPECT(orp_login(&u->device, 5, slots, &u->record), ORP_OVERLAP);
    EXPECT(orp_allow_again(&u->device, 5, slots, &u->record), ORP_OVERLAP);
    EXPECT(orp_lowered(&u->device, u->bytes), ORP_OVERLAP);
    EXPECT(orp_finish(&device, u->bytes, &u->record), ORP_OVERLAP);
    EXPECT(orp_pending(&u->device, &u->record), ORP_OVERLAP);
    EXPECT(orp_standing(&u->device, ORP_LOCAL, 5, &u->detail), ORP_OVERLAP);
    EXPECT(orp_device_info(&u->device, (orp_info *)(void *)u), ORP_OVERLAP);
    EXPECT(call(STANDING, &u->device), ORP_OK); // still whole
    EXPECT(orp_mask(u->text, 14, u->text + 13, 80, &len), ORP_OVERLAP);
    EXPECT(orp_root_message(u->text, 4, u->bytes, 26, &len), ORP_OVERLAP);
    EXPECT(orp_root_derive(u->bytes, serial, 4, u->bytes + 31), ORP_OVERLAP);
    EXPECT(orp_root_check(u->bytes, 0, u->bytes + 31), ORP_OVERLAP);
    EXPECT(orp_root_check_value(u->bytes, 0, u->bytes), ORP_OVERLAP);
    EXPECT(orp_genesis(u->bytes, serial, 4, u->bytes, value), ORP_OVERLAP);
    EXPECT(orp_genesis(u->bytes, serial, 4, u->bytes + 32, u->bytes + 60), ORP_OVERLAP);
    EXPECT(orp_key_take(&u->key, u->bytes), ORP_OVERLAP);
    EXPECT(orp_read(u->text, 9, &u->received, NULL, NULL), ORP_OVERLAP);
    EXPECT(orp_read_typed(u->text, 9, &u->received, NULL, NULL), ORP_OVERLAP);
    EXPECT(orp_read_qr("1", 1, &u->received, NULL, &u->detail), ORP_OVERLAP);
    EXPECT(orp_correct(u->text, 9, (orp_corrections *)(void *)u, NULL), ORP_OVERLAP);
    EXPECT(orp_canonical(&u->received, u->text, 45, &len), ORP_OVERLAP);
    EXPECT(orp_answer(&u->received, &u->key, 1, u->text), ORP_OVERLAP);
    EXPECT(orp_address(&u->received, &u->key, u->text, 9, &len), ORP_OVERLAP);
    EXPECT(orp_secure_code(&u->received, &u->key, 7, u->text + 600, 255, &len, u->text + 800), ORP_OVERLAP);
    free(u);
}

// Lengths that no memory has, and texts that are none.
static void texts(void)
{
    static const size_t huge[] = {(size_t)-1, (size_t)-1 / 2 + 1, (size_t)-1 / 2, 100000};
    orp_received received;
    orp_corrections found;
    uint8_t d[ORP_KEY_BYTES] = {3};
    start(&device, 0);
    open_at(&device, ORP_LOCAL, 1, 1);
    for (size_t i = 0; i < sizeof huge / sizeof *huge; i++) {
        // the lengths are wrong; that nothing is read there is what is tested
        char *one = (char *)malloc(1);
        if (one == NULL) {
            exit(2);
        }
        *one = '1';
        detail = 0;
        int32_t status = orp_submit(&device, ORP_LOCAL, SESSION, one, huge[i], 5, slots, &record, &detail);
        CHECK(status == ORP_OVERLAP || (status == ORP_TOO_LONG && detail == 128));
        status = orp_read_typed(one, huge[i], &received, NULL, &detail);
        CHECK(status == ORP_OVERLAP || (status == ORP_TOO_LONG && detail == 256));
        status = orp_read_qr(one, huge[i], &received, NULL, &detail);
        CHECK(status == ORP_OVERLAP || (status == ORP_TOO_LONG && detail == 640));
        status = orp_read(one, huge[i], &received, NULL, &detail);
        CHECK(status == ORP_OVERLAP || (status == ORP_TOO_LONG && detail == 640));
        status = orp_correct(one, huge[i], &found, &detail);
        CHECK(status == ORP_OVERLAP || (status == ORP_TOO_LONG && detail == 256));
        status = orp_mask(one, huge[i], text, sizeof text, &len);
        CHECK(status == ORP_OVERLAP || status == ORP_ADDRESS);
        status = orp_root_derive(root, one, huge[i], d);
        CHECK(status == ORP_OVERLAP || status == ORP_SERIAL);
        status = orp_device_load(&device, filled_with(d, 3), one, huge[i], value, 0, NULL, slots, 5, NULL);
        CHECK(status == ORP_OVERLAP || status == ORP_SERIAL);
        status = orp_qr(&device, ORP_LOCAL, 5, one, huge[i], NULL, 0, text, sizeof text, &len);
        CHECK(status == ORP_OVERLAP || status == ORP_ADDRESS);
        status = orp_qr(&device, ORP_LOCAL, 5, address, 14, one, huge[i], text, sizeof text, &len);
        CHECK(status == ORP_OVERLAP || status == ORP_URL);
        free(one);
    }
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, "1929\xff", 5, 5, slots, &record, &detail), ORP_UTF8);
    CHECK(detail == 4);
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, "\xe2\x80", 2, 5, slots, &record, &detail), ORP_UTF8);
    CHECK(detail == 0);
    EXPECT(orp_read("4H\xc0\x80", 4, &received, NULL, &detail), ORP_UTF8);
    CHECK(detail == 2);
    EXPECT(orp_correct("\xed\xa0\x80", 3, &found, &detail), ORP_UTF8);
    // the position counts characters
    EXPECT(orp_submit(&device, ORP_LOCAL, SESSION, "\xe2\x80\x93 1x", 6, 5, slots, &record, &detail), ORP_ALPHABET);
    CHECK(detail == 3);
    EXPECT(orp_mask("j\xc3\xa9@b.c", 7, text, sizeof text, &len), ORP_ADDRESS);
    EXPECT(orp_device_load(&device, filled_with(d, 3), "CAM\xff", 4, value, 0, NULL, slots, 5, NULL), ORP_SERIAL);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, "", 0, NULL, 0, text, sizeof text, &len), ORP_ADDRESS); // given, and empty
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, NULL, 0, NULL, 0, text, sizeof text, &len), ORP_MAIL_BIT);
    EXPECT(orp_qr(&device, ORP_LOCAL, 5, address, 14, "HTTPS://X", 9, text, sizeof text, &len), ORP_URL);
}

// A buffer that is too short is not touched, and the length says how long the text is; one longer by the NUL is enough.
#define SHORT(call_with, wanted, nul)                                     \
    do {                                                                  \
        size_t cap;                                                       \
        for (cap = 0; cap < (wanted) + (nul); cap++) {                    \
            char *buffer = (char *)malloc(cap + 1);                       \
            if (buffer == NULL) {                                         \
                exit(2);                                                  \
            }                                                             \
            memset(buffer, 0x5a, cap + 1);                                \
            len = 0;                                                      \
            EXPECT(call_with(cap == 0 ? NULL : buffer, cap), ORP_SHORT_BUFFER); \
            CHECK(len == (wanted));                                       \
            for (size_t i = 0; i <= cap; i++) {                           \
                CHECK(buffer[i] == 0x5a);                                 \
            }                                                             \
            free(buffer);                                                 \
        }                                                                 \
        char *buffer = (char *)malloc(cap);                               \
        if (buffer == NULL) {                                             \
            exit(2);                                                      \
        }                                                                 \
        EXPECT(call_with(buffer, cap), ORP_OK);                           \
        CHECK(len == (wanted) && ((nul) == 0 || strlen(buffer) == len));  \
        free(buffer);                                                     \
    } while (0)

static orp_key vendor_key;
static orp_received vendor_received;
static char vendor_code[ORP_CODE_SIZE];

#define CALL_MASK(buffer, cap) orp_mask(address, 14, buffer, cap, &len)
#define CALL_MESSAGE(buffer, cap) orp_root_message(serial, 4, (uint8_t *)(buffer), cap, &len)
#define CALL_QR(buffer, cap) orp_qr(&device, ORP_LOCAL, 5, address, 14, url, strlen(url), buffer, cap, &len)
#define CALL_CANONICAL(buffer, cap) orp_canonical(&vendor_received, buffer, cap, &len)
#define CALL_ADDRESS(buffer, cap) orp_address(&vendor_received, &vendor_key, buffer, cap, &len)
#define CALL_SECURE(buffer, cap) orp_secure_code(&vendor_received, &vendor_key, ORP_SECURE_CODE_1_H, buffer, cap, &len, vendor_code)

static void buffers(void)
{
    uint8_t d[ORP_KEY_BYTES];
    start(&device, 0);
    open_at(&device, ORP_LOCAL, 1, 1);
    SHORT(CALL_MASK, (size_t)12, 1); // j***@e***.nl
    SHORT(CALL_MESSAGE, (size_t)10, 0);
    EXPECT(CALL_QR(text, sizeof text), ORP_OK);
    size_t qr_len = strlen(text);
    SHORT(CALL_QR, qr_len, 1);
    EXPECT(orp_root_derive(root, serial, 4, d), ORP_OK);
    EXPECT(orp_key_take(&vendor_key, d), ORP_OK);
    EXPECT(orp_read_typed(shown.text, strlen(shown.text), &vendor_received, NULL, NULL), ORP_OK);
    SHORT(CALL_CANONICAL, strlen(shown.text), 1);
    EXPECT(CALL_ADDRESS(text, sizeof text), ORP_WRONG_KIND);
    EXPECT(CALL_SECURE(text, sizeof text), ORP_WRONG_KIND);
    EXPECT(CALL_QR(text, sizeof text), ORP_OK);
    EXPECT(orp_read(text, len, &vendor_received, NULL, NULL), ORP_OK);
    EXPECT(CALL_CANONICAL(text, sizeof text), ORP_WRONG_KIND);
    SHORT(CALL_ADDRESS, (size_t)14, 1);
    memset(vendor_code, 0x5a, sizeof vendor_code);
    EXPECT(CALL_SECURE(text, 14), ORP_SHORT_BUFFER);
    CHECK(vendor_code[0] == 0x5a && vendor_code[ORP_CODE_SIZE - 1] == 0x5a); // no code without its address
    SHORT(CALL_SECURE, (size_t)14, 1);
    EXPECT(orp_secure_code(&vendor_received, &vendor_key, ORP_DYNAMIC_PASSWORD_1_H, text, sizeof text, &len, vendor_code), ORP_METHOD);
    EXPECT(orp_secure_code(&vendor_received, &vendor_key, 0, text, sizeof text, &len, vendor_code), ORP_RESERVED_K);
}

// Numbers that are none.
static void arguments(void)
{
    static const int32_t none[] = {-1, 9, 256, (int32_t)0x7fffffff, (int32_t)-0x7fffffff - 1};
    uint8_t d[ORP_KEY_BYTES];
    char word[ORP_WORD_SIZE];
    start(&device, 0);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        orp_policy policy = {3600, ORP_BOTH_METHODS, ORP_SECURE_CODE};
        EXPECT(orp_open(&device, none[i], ORP_ACCOUNT_PASSWORD, 0, entropy, 1, slots, &record, &shown, NULL), ORP_ARGUMENT);
        EXPECT(orp_open(&device, ORP_LOCAL, none[i], 0, entropy, 1, slots, &record, &shown, NULL), ORP_ARGUMENT);
        EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, none[i], entropy, 1, slots, &record, &shown, NULL), ORP_ARGUMENT);
        EXPECT(orp_submit(&device, none[i], SESSION, "1", 1, 1, slots, &record, NULL), ORP_ARGUMENT);
        EXPECT(orp_standing(&device, none[i], 1, NULL), ORP_ARGUMENT);
        EXPECT(orp_live(&device, none[i], 1, &shown), ORP_ARGUMENT);
        EXPECT(orp_qr(&device, none[i], 1, NULL, 0, NULL, 0, text, sizeof text, &len), ORP_ARGUMENT);
        EXPECT(orp_close_local(&device, none[i]), ORP_ARGUMENT);
        EXPECT(orp_grant_take(&device, none[i], handle, 1, &reset), ORP_ARGUMENT);
        EXPECT(orp_grant_purpose(&device, none[i], handle, &purpose), ORP_ARGUMENT);
        EXPECT(orp_grant_drop(&device, none[i], handle), ORP_ARGUMENT);
        EXPECT(orp_spell('A', none[i], word), ORP_ARGUMENT);
        CHECK(orp_owner_text(ORP_CHECK, none[i]) == orp_owner_text(ORP_CHECK, ORP_ENGLISH));
        EXPECT(orp_root_check_message(none[i], (uint8_t *)text), ORP_EPOCH);
        EXPECT(orp_root_check_value(root, none[i], (uint8_t *)text), ORP_EPOCH);
        EXPECT(orp_root_check(filled_with(d, 3), none[i], value), ORP_EPOCH);
        CHECK(is_filled(d, 0));
        EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 4, value, none[i], NULL, slots, 1, NULL), ORP_EPOCH);
        CHECK(is_filled(d, 0));
        filled_with(d, 3);
        policy.local = none[i];
        EXPECT(orp_device_load(&device, d, serial, 4, value, 0, &policy, slots, 1, NULL), ORP_ARGUMENT);
        policy.local = 0;
        policy.network = none[i];
        EXPECT(orp_device_load(&device, d, serial, 4, value, 0, &policy, slots, 1, NULL), ORP_ARGUMENT);
        CHECK(is_filled(d, 3)); // nothing was done
    }
    // arguments that were exchanged, and zeros
    EXPECT(orp_open(&device, ORP_ACCOUNT_PASSWORD, ORP_LOCAL, 0, entropy, 1, slots, &record, &shown, NULL), ORP_ARGUMENT);
    EXPECT(orp_open(&device, ORP_LOCAL, 0, ORP_ACCOUNT_PASSWORD, entropy, 1, slots, &record, &shown, NULL), ORP_ARGUMENT);
    EXPECT(orp_open(&device, 1, ORP_ACCOUNT_PASSWORD, ORP_LOCAL, entropy, 1, slots, &record, &shown, NULL), ORP_ARGUMENT);
    EXPECT(orp_open(&device, 0, ORP_ACCOUNT_PASSWORD, 0, entropy, 1, slots, &record, &shown, NULL), ORP_ARGUMENT);
    EXPECT(orp_close_local(&device, ORP_LOCAL), ORP_ARGUMENT);
    static orp_device before;
    orp_policy policy = {0, ORP_BOTH_METHODS, ORP_SECURE_CODE};
    reach_grant(&device, 1); // a load that fails changes nothing
    open_at(&device, ORP_LOCAL, 0, 20);
    before = device;
    EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 4, value, 8, NULL, slots, 1, NULL), ORP_EPOCH);
    CHECK(is_filled(d, 0)); // wiped, whatever comes
    EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 4, value, 0, &policy, slots, 1, NULL), ORP_CAP);
    CHECK(is_filled(d, 0));
    policy.cap = 259201;
    EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 4, value, 0, &policy, slots, 1, NULL), ORP_CAP);
    EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 0, value, 0, NULL, slots, 1, NULL), ORP_SERIAL);
    CHECK(is_filled(d, 0));
    for (int fill = 0; fill < 256; fill += 255) {
        EXPECT(orp_device_load(&device, filled_with(d, fill), serial, 4, value, 0, NULL, slots, 1, NULL), ORP_BLANK_KEY);
        CHECK(is_filled(d, 0));
    }
    EXPECT(orp_device_load(&device, filled_with(d, 3), "ORPDEMO1", 8, value, 0, NULL, slots, 1, NULL), ORP_DEMONSTRATION);
    CHECK(is_filled(d, 0));
    EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 4, value, 0, NULL, slots, 1, NULL), ORP_KEY_CHECK); // of another key
    CHECK(is_filled(d, 0));
    CHECK(is_unchanged(&before, &device, sizeof device)); // the device is what it was
    EXPECT(orp_live(&device, ORP_LOCAL, 20, &shown), ORP_OK);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 20, &reset), ORP_VERIFIED);
    policy.cap = 1;
    uint8_t other[ORP_CHECK_SIZE], unused[ORP_RECORD_SIZE];
    EXPECT(orp_genesis(filled_with(d, 3), serial, 4, unused, other), ORP_OK);
    CHECK(is_filled(d, 3));
    for (int bit = 0; bit < 8 * ORP_CHECK_SIZE; bit++) {
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
        EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 4, other, 7, &policy, slots, 1, &loaded), ORP_KEY_CHECK);
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    EXPECT(orp_device_load(&device, filled_with(d, 3), "CAM2", 4, other, 7, &policy, slots, 1, &loaded), ORP_KEY_CHECK);
    EXPECT(orp_device_load(&device, filled_with(d, 3), serial, 4, other, 7, &policy, slots, 1, &loaded), ORP_OK);
    CHECK(is_filled(d, 0)); // taken and wiped
    CHECK(loaded.ledger == ORP_LEDGER_LOST);                 // another key
}

// No step can be left out, exchanged or repeated; while one waits, all else is refused, and nothing changes.
static void expect_waiting(int32_t step)
{
    static orp_device before;
    orp_record waiting;
    static const int steps[] = {SHOW, COMPARE, GRANT, LOWERED};
    static const int32_t names[] = {ORP_STEP_SHOW, ORP_STEP_COMPARE, ORP_STEP_GRANT, ORP_STEP_LOWER};
    static const int others[] = {OPEN, LIVE, QR, CLOSE, WITHDRAW, SUBMIT, LOGIN, ALLOW};
    before = device;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (names[i] != step) {
            EXPECT(call(steps[i], &device), step == ORP_STEP_NONE ? ORP_NOT_PENDING : ORP_WRONG_STEP);
        }
    }
    if (step == ORP_STEP_NONE) {
        EXPECT(call(FINISH, &device), ORP_NOT_PENDING);
    }
    for (size_t i = 0; step != ORP_STEP_NONE && i < sizeof others / sizeof *others; i++) {
        EXPECT(call(others[i], &device), ORP_PENDING);
    }
    EXPECT(orp_pending(&device, &waiting), step == ORP_STEP_NONE ? ORP_OK : ORP_STORE);
    CHECK(waiting.step == step && waiting.session == (step == ORP_STEP_COMPARE || step == ORP_STEP_GRANT ? SESSION : 0));
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 6, &reset), ORP_NO_GRANT);
    CHECK(is_unchanged(&before, &device, sizeof device));
}

static void order(void)
{
    char code[ORP_CODE_SIZE];
    uint8_t old[ORP_SLOTS_SIZE];
    start(&device, 0);
    expect_waiting(ORP_STEP_NONE);
    EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 1, slots, &record, &shown, NULL), ORP_STORE);
    expect_waiting(ORP_STEP_SHOW);
    store(slots, &record);
    EXPECT(orp_show(&device, slots, &shown), ORP_OK);
    expect_waiting(ORP_STEP_NONE);

    // without the store, and with the slots of before it: nothing is compared, not even the right code
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);
    submit(&device, ORP_LOCAL, code, 5);
    expect_waiting(ORP_STEP_COMPARE);
    EXPECT(orp_compare(&device, slots, &record), ORP_STORE_FAILED);
    EXPECT(call(COMPARE, &device), ORP_POISONED);
    EXPECT(call(GRANT, &device), ORP_POISONED);
    EXPECT(call(SUBMIT, &device), ORP_POISONED);
    EXPECT(call(FINISH, &device), ORP_POISONED);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 6, &reset), ORP_NO_GRANT);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.poisoned == 1 && info.failures_local == 0);
    EXPECT(orp_device_reload(&device, slots, 6, &loaded), ORP_OK);
    EXPECT(call(SUBMIT, &device), ORP_NO_CHALLENGE);

    // one byte of the record is not what it should be
    for (int i = 0; i < ORP_RECORD_SIZE; i++) {
        start(&device, 0);
        open_at(&device, ORP_LOCAL, 0, 1);
        answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);
        submit(&device, ORP_LOCAL, code, 5);
        store(slots, &record);
        slots[record.slot * ORP_RECORD_SIZE + (unsigned)i] ^= 1;
        EXPECT(orp_compare(&device, slots, &record), ORP_STORE_FAILED);
    }

    // a match, and its record is not stored
    start(&device, 0);
    open_at(&device, ORP_LOCAL, 0, 1);
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);
    submit(&device, ORP_LOCAL, code, 5);
    store(slots, &record);
    EXPECT(orp_compare(&device, slots, &record), ORP_STORE);
    expect_waiting(ORP_STEP_GRANT);
    memcpy(old, slots, sizeof old);
    EXPECT(orp_grant(&device, old, handle), ORP_STORE_FAILED);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 6, &reset), ORP_NO_GRANT);
    EXPECT(orp_device_reload(&device, slots, 6, NULL), ORP_OK);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.poisoned == 0 && info.failures_local == 1 && info.resets == 0);

    // a wrong code: one word, counted; the login clears it
    open_at(&device, ORP_LOCAL, 0, 20);
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);
    int wrong = 0;
    for (unsigned n = 0; n < 10000 && !wrong; n++) { // another code that fits the check digit
        char other[ORP_CODE_SIZE];
        memcpy(other, code, sizeof other);
        other[10] = (char)('0' + n / 1000), other[11] = (char)('0' + n / 100 % 10), other[12] = (char)('0' + n / 10 % 10);
        other[13] = (char)('0' + n % 10);
        if (strcmp(other, code) == 0) {
            continue;
        }
        int32_t status = orp_submit(&device, ORP_LOCAL, SESSION, other, 14, 21, slots, &record, &detail);
        wrong = status == ORP_STORE;
        CHECK(wrong || (status == ORP_CHECK && detail == 0));
    }
    store(slots, &record);
    EXPECT(orp_compare(&device, slots, &record), ORP_REJECTED);
    expect_waiting(ORP_STEP_NONE);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.failures_local == 2);
    EXPECT(orp_login(&device, 22 + 86398, slots, &record), ORP_OK); // a day has not gone by since the guess
    EXPECT(orp_login(&device, 22 + 86399, slots, &record), ORP_STORE);
    expect_waiting(ORP_STEP_LOWER);
    store(slots, &record);
    EXPECT(orp_lowered(&device, slots), ORP_OK);
    EXPECT(orp_login(&device, 22 + 86399, slots, &record), ORP_OK);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.failures_local == 0);

    // given up
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_72_H, code);
    submit(&device, ORP_LOCAL, code, 22 + 86400);
    EXPECT(orp_abandon(&device), ORP_OK);
    EXPECT(call(COMPARE, &device), ORP_POISONED);
    EXPECT(call(OPEN, &device), ORP_POISONED);
    EXPECT(call(LIVE, &device), ORP_POISONED);
    EXPECT(call(QR, &device), ORP_POISONED);
    EXPECT(call(CLOSE, &device), ORP_POISONED);
    EXPECT(call(WITHDRAW, &device), ORP_POISONED);
    EXPECT(call(LOGIN, &device), ORP_POISONED);
    EXPECT(call(ALLOW, &device), ORP_POISONED);
    EXPECT(call(FINISH, &device), ORP_POISONED);
}

// One Grant, once, in its time, at its origin, in its device.
static void grants(void)
{
    static orp_device copy;
    char both[ORP_CODE_SIZE];
    static const uint64_t good[] = {100, 699}, bad[] = {99, 700, 0, (uint64_t)-1};
    for (size_t i = 0; i < 2; i++) {
        start(&device, 0);
        reach_grant(&device, 100);
        EXPECT(orp_grant_purpose(&device, ORP_LOCAL, handle, &purpose), ORP_OK);
        CHECK(purpose == ORP_ACCOUNT_PASSWORD);
        EXPECT(orp_grant_take(&device, ORP_NETWORK, handle, good[i], &reset), ORP_NO_GRANT);
        copy = device;
        EXPECT(orp_grant_take(&copy, ORP_LOCAL, handle, good[i], &reset), ORP_MOVED);
        EXPECT(orp_device_reload(&device, slots, 100, NULL), ORP_OK); // whatever the state of the ledger
        EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, good[i], &reset), ORP_VERIFIED);
        CHECK(reset.origin == ORP_LOCAL && reset.purpose == ORP_ACCOUNT_PASSWORD && reset.method == ORP_DYNAMIC_PASSWORD);
        CHECK(reset.resets == 1 && reset.session == SESSION);
        EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, good[i], &reset), ORP_NO_GRANT);
        EXPECT(orp_grant_purpose(&device, ORP_LOCAL, handle, &purpose), ORP_NO_GRANT);
        EXPECT(orp_grant_take(&copy, ORP_LOCAL, handle, good[i], &reset), ORP_MOVED);
        EXPECT(orp_grant(&device, slots, handle), ORP_NOT_PENDING);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        start(&device, 0);
        reach_grant(&device, 100);
        memset(&reset, 0x5a, sizeof reset);
        EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, bad[i], &reset), ORP_GRANT_EXPIRED);
        CHECK(reset.resets == 0x5a5a5a5a);
        EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 101, &reset), ORP_NO_GRANT);
    }
    start(&device, 0);
    reach_grant(&device, 100);
    EXPECT(orp_grant_drop(&device, ORP_NETWORK, handle), ORP_NO_GRANT);
    EXPECT(orp_grant_purpose(&device, ORP_LOCAL, handle, &purpose), ORP_OK);
    EXPECT(orp_grant_drop(&device, ORP_LOCAL, handle), ORP_OK);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 101, &reset), ORP_NO_GRANT);

    // another session does not have the handle (DUTY-16): it takes nothing, ends nothing, and the Grant is left alone
    start(&device, 0);
    reach_grant(&device, 100);
    for (int bit = 0; bit < 8 * ORP_HANDLE_SIZE; bit++) {
        uint8_t other[ORP_HANDLE_SIZE];
        memcpy(other, handle, sizeof other);
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
        EXPECT(orp_grant_purpose(&device, ORP_LOCAL, other, &purpose), ORP_NO_GRANT);
        EXPECT(orp_grant_take(&device, ORP_LOCAL, other, 101, &reset), ORP_NO_GRANT);
        EXPECT(orp_grant_drop(&device, ORP_LOCAL, other), ORP_NO_GRANT);
    }
    uint8_t first[ORP_HANDLE_SIZE]; // a later Grant takes its place
    memcpy(first, handle, sizeof first);
    reach_grant(&device, 120);
    CHECK(memcmp(handle, first, sizeof first) != 0);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, first, 121, &reset), ORP_NO_GRANT);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 121, &reset), ORP_VERIFIED);
    CHECK(reset.resets == 2);

    // the dialog is closed, or the owner ends it all: whatever the state of the ledger
    for (int keep = 0; keep < 2; keep++) {
        start(&device, 0);
        reach_grant(&device, 100);
        EXPECT(orp_close_local(&device, 2), ORP_ARGUMENT);
        EXPECT(orp_grant_purpose(&device, ORP_LOCAL, handle, &purpose), ORP_OK);
        EXPECT(orp_close_local(&device, keep), ORP_OK);
        EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 101, &reset), ORP_NO_GRANT);
    }
    start(&device, 0);
    reach_grant(&device, 100);
    EXPECT(orp_login(&device, 101, slots, &record), ORP_OK);
    open_at(&device, ORP_LOCAL, 0, 120);
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, both);
    submit(&device, ORP_LOCAL, both, 121);
    EXPECT(orp_close_local(&device, 1), ORP_PENDING);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 121, &reset), ORP_NO_GRANT);
    EXPECT(orp_abandon(&device), ORP_OK);

    // both origins at once: neither takes the other's place
    for (int withdrawn = 0; withdrawn < 2; withdrawn++) {
        start(&device, 0);
        reach_grant(&device, 100);
        uint8_t local[ORP_HANDLE_SIZE];
        memcpy(local, handle, sizeof local);
        char code[ORP_CODE_SIZE];
        open_at(&device, ORP_NETWORK, 1, 101);
        CHECK(shown.text[0] == 0); // no dynamic password there
        EXPECT(orp_qr(&device, ORP_NETWORK, 101, address, 14, NULL, 0, text, sizeof text, &len), ORP_OK);
        answer(text, len, ORP_SECURE_CODE_24_H, code);
        submit(&device, ORP_NETWORK, code, 102);
        store(slots, &record);
        EXPECT(orp_compare(&device, slots, &record), ORP_STORE);
        store(slots, &record);
        EXPECT(orp_grant(&device, slots, handle), ORP_OK);
        if (withdrawn) {
            EXPECT(orp_withdraw(&device), ORP_OK);
            EXPECT(orp_grant_take(&device, ORP_LOCAL, local, 103, &reset), ORP_NO_GRANT);
            EXPECT(orp_grant_take(&device, ORP_NETWORK, handle, 103, &reset), ORP_NO_GRANT);
            continue;
        }
        EXPECT(orp_grant_take(&device, ORP_NETWORK, local, 103, &reset), ORP_NO_GRANT);
        EXPECT(orp_grant_take(&device, ORP_LOCAL, local, 103, &reset), ORP_VERIFIED);
        CHECK(reset.resets == 1 && reset.method == ORP_DYNAMIC_PASSWORD);
        EXPECT(orp_grant_take(&device, ORP_NETWORK, handle, 103, &reset), ORP_VERIFIED);
        CHECK(reset.resets == 2 && reset.method == ORP_SECURE_CODE);
    }
    uint8_t d[ORP_KEY_BYTES];
    reach_grant(&device, 120);
    EXPECT(orp_root_derive(root, serial, 4, d), ORP_OK);
    EXPECT(orp_device_load(&device, d, serial, 4, value, 0, NULL, slots, 0, NULL), ORP_OK);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 120, &reset), ORP_NO_GRANT);

    // handles repeat never, also when the count of resets begins anew with a lost ledger
    uint8_t lost[2][ORP_HANDLE_SIZE];
    for (int round = 0; round < 2; round++) {
        start(&device, 0);
        memset(slots, 0, sizeof slots);
        EXPECT(orp_device_reload(&device, slots, 0, NULL), ORP_OK);
        reach_grant(&device, 20000 + (uint64_t)round);
        memcpy(lost[round], handle, sizeof handle);
        EXPECT(orp_grant_take(&device, ORP_LOCAL, handle, 20002, &reset), ORP_VERIFIED);
        CHECK(reset.resets == 1);
    }
    CHECK(memcmp(lost[0], lost[1], sizeof lost[0]) != 0);
}

// Stores what waits as whoever finds it does, to the end.
static void finish_all(int right)
{
    orp_record found;
    EXPECT(orp_pending(&device, &found), ORP_STORE);
    store(slots, &found);
    EXPECT(orp_finish(&device, slots, &found), right ? ORP_STORE : ORP_OK);
    if (right) {
        CHECK(found.step == ORP_STEP_GRANT && found.session == SESSION);
        store(slots, &found);
        EXPECT(orp_finish(&device, slots, &found), ORP_OK);
    }
    CHECK(found.step == ORP_STEP_NONE && found.session == 0);
}

// A caller goes away between two calls: its step is finished and counted, its Grant goes to nobody, and it costs the other origin nothing.
static void finished(void)
{
    char code[ORP_CODE_SIZE], nonce[ORP_NONCE_SIZE];
    uint8_t mine[ORP_HANDLE_SIZE];
    start(&device, 0);
    EXPECT(orp_open(&device, ORP_NETWORK, ORP_ACCOUNT_PASSWORD, 1, entropy, 1, slots, &record, &shown, NULL), ORP_STORE);
    finish_all(0); // the challenge is there, for whoever opens
    open_at(&device, ORP_NETWORK, 1, 2);
    memcpy(nonce, shown.challenge.nonce, sizeof nonce);
    reach_grant(&device, 20);
    memcpy(mine, handle, sizeof mine);
    open_at(&device, ORP_LOCAL, 0, 40);
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);

    code[13] = '0', code[3] = (char)('0' + (code[3] - '0' + 1) % 10); // a wrong one
    int32_t status = ORP_CHECK;
    while ((status = orp_submit(&device, ORP_LOCAL, SESSION, code, 14, 41, slots, &record, NULL)) == ORP_CHECK) {
        code[13]++;
    }
    EXPECT(status, ORP_STORE);
    finish_all(0);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.failures_local == 1 && info.resets == 1);

    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code); // the right one
    submit(&device, ORP_LOCAL, code, 42);
    finish_all(1);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.failures_local == 0 && info.resets == 2 && info.poisoned == 0);
    EXPECT(orp_live(&device, ORP_LOCAL, 42, &shown), ORP_NO_CHALLENGE);
    EXPECT(orp_live(&device, ORP_NETWORK, 42, &shown), ORP_OK);
    CHECK(memcmp(nonce, shown.challenge.nonce, sizeof nonce) == 0);
    EXPECT(orp_grant_take(&device, ORP_LOCAL, mine, 42, &reset), ORP_VERIFIED); // the one before: nobody took its place
    CHECK(reset.resets == 1);

    open_at(&device, ORP_LOCAL, 0, 60); // what was read back is something else
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);
    submit(&device, ORP_LOCAL, code, 61);
    EXPECT(orp_finish(&device, slots, &record), ORP_POISONED);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.poisoned == 1 && info.resets == 2);
}

// An administrator at either origin: the next guess does not wait; the web page's count falls to 80 by allowing it again alone.
static void administrator(void)
{
    char code[ORP_CODE_SIZE];
    uint32_t wait;
    start(&device, 0);
    memset(slots, 0xff, sizeof slots); // lost: 255 at both
    EXPECT(orp_device_reload(&device, slots, 0, &loaded), ORP_OK);
    EXPECT(orp_standing(&device, ORP_LOCAL, 1, &wait), ORP_WAITING);
    EXPECT(orp_standing(&device, ORP_NETWORK, 1, &wait), ORP_STOPPED);
    EXPECT(orp_login(&device, 1, slots, &record), ORP_OK);
    EXPECT(orp_standing(&device, ORP_LOCAL, 1, &wait), ORP_OK);
    EXPECT(orp_standing(&device, ORP_NETWORK, 1, &wait), ORP_STOPPED);
    EXPECT(orp_allow_again(&device, 2, slots, &record), ORP_STORE);
    expect_waiting(ORP_STEP_LOWER);
    store(slots, &record);
    EXPECT(orp_lowered(&device, slots), ORP_OK);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.failures_local == 255 && info.failures_network == 80);
    EXPECT(orp_standing(&device, ORP_NETWORK, 2, &wait), ORP_OK);
    EXPECT(orp_allow_again(&device, 2, slots, &record), ORP_OK);
    EXPECT(orp_device_reload(&device, slots, 3, &loaded), ORP_OK); // a restart gives nothing back, and a wait begins anew
    EXPECT(orp_standing(&device, ORP_NETWORK, 3, &wait), ORP_WAITING);
    EXPECT(orp_login(&device, 3 + 86400, slots, &record), ORP_STORE);
    store(slots, &record);
    EXPECT(orp_lowered(&device, slots), ORP_OK);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.failures_local == 0 && info.failures_network == 80);
    open_at(&device, ORP_LOCAL, 0, 86410);
    answer(shown.text, strlen(shown.text), ORP_DYNAMIC_PASSWORD_1_H, code);
    submit(&device, ORP_LOCAL, code, 86410);
    finish_all(1);
    EXPECT(orp_device_info(&device, &info), ORP_OK);
    CHECK(info.failures_local == 0 && info.failures_network == 0);
}

// A key that was not read, or was wiped before: refused wherever one is given. One that differs in a bit is a key.
static void keys(void)
{
    for (int fill = 0; fill < 256; fill += 255) {
        uint8_t d[ORP_KEY_BYTES], out[ORP_KEY_BYTES], genesis[ORP_RECORD_SIZE];
        orp_key key;
        memset(d, fill, sizeof d);
        memset(out, 0x5a, sizeof out);
        memset(genesis, 0x5a, sizeof genesis);
        EXPECT(orp_root_derive(d, serial, 4, out), ORP_BLANK_KEY);
        EXPECT(orp_root_check_value(d, 0, out), ORP_BLANK_KEY);
        EXPECT(orp_genesis(d, serial, 4, genesis, out), ORP_BLANK_KEY);
        CHECK(is_filled(out, 0x5a) && genesis[0] == 0x5a && is_filled(d, fill));
        EXPECT(orp_root_check(d, 0, value), ORP_BLANK_KEY);
        CHECK(is_filled(d, 0));
        EXPECT(orp_key_take(&key, filled_with(out, 3)), ORP_OK);
        EXPECT(orp_key_take(&key, filled_with(d, fill)), ORP_BLANK_KEY);
        EXPECT(orp_verify(&vendor_received, &key), ORP_NOT_SET_UP); // nor what it was before
        CHECK(is_filled(d, 0));
        for (int i = 0; i < ORP_KEY_BYTES; i += 31) {
            memset(d, fill, sizeof d);
            d[i] ^= 0x80;
            EXPECT(orp_genesis(d, serial, 4, genesis, value), ORP_OK);
            EXPECT(orp_root_check_value(d, 0, value), ORP_OK);
            EXPECT(orp_root_derive(d, serial, 4, out), ORP_OK);
            EXPECT(orp_key_take(&key, d), ORP_OK);
            EXPECT(orp_key_take(&key, d), ORP_BLANK_KEY); // wiped by the call before
        }
    }
    // the public root, and serials of demonstrations; for a desk with an HSM the vectors have more
    uint8_t public_root[ORP_KEY_BYTES], d[ORP_KEY_BYTES] = {3}, message[ORP_ROOT_CHECK_MESSAGE_SIZE];
    memcpy(public_root, "ORP1 PUBLIC ROOT FOR DEMOS ONLY.", sizeof public_root);
    EXPECT(orp_root_derive(public_root, serial, 4, d), ORP_DEMONSTRATION);
    EXPECT(orp_root_check_value(public_root, 0, value), ORP_DEMONSTRATION);
    EXPECT(orp_root_derive(root, "ORPDEMO", 7, d), ORP_DEMONSTRATION);
    EXPECT(orp_genesis(d, "ORPDEMO", 7, slots, value), ORP_DEMONSTRATION);
    EXPECT(orp_root_message("ORPDEMO", 7, (uint8_t *)text, sizeof text, &len), ORP_DEMONSTRATION);
    EXPECT(orp_root_check_message(7, message), ORP_OK);
    CHECK(memcmp(message, "ORP1\x09\x07\x01", sizeof message) == 0);
    EXPECT(orp_root_check(filled_with(d, 3), 0, (const uint8_t *)"\3\3\3\4"), ORP_KEY_CHECK);
    CHECK(is_filled(d, 0));
    EXPECT(orp_root_check(filled_with(d, 3), 0, (const uint8_t *)"\3\3\3\3"), ORP_OK);
    CHECK(is_filled(d, 0));
}

static void vendor(void)
{
    static const unsigned char patterns[] = {0x00, 0xa5, 0xff};
    orp_key key, moved;
    orp_received received, copy;
    orp_challenge claims;
    char code[ORP_CODE_SIZE];
    uint8_t d[ORP_KEY_BYTES];
    start(&device, 0);
    open_at(&device, ORP_LOCAL, 0, 1);
    EXPECT(orp_read(shown.text, strlen(shown.text), &received, &claims, NULL), ORP_OK);
    CHECK(strcmp(claims.serial, serial) == 0 && memcmp(&claims.nonce, &shown.challenge.nonce, sizeof claims.nonce) == 0);
    EXPECT(orp_root_derive(root, serial, 4, d), ORP_OK);
    EXPECT(orp_key_take(&key, d), ORP_OK);
    CHECK(d[0] == 0 && memcmp(d, d + 1, sizeof d - 1) == 0);
    EXPECT(orp_verify(&received, &key), ORP_VERIFIED);
    copy = received; // public: a copy is as good
    EXPECT(orp_verify(&copy, &key), ORP_VERIFIED);
    moved = key; // a secret: a copy is none
    EXPECT(orp_verify(&received, &moved), ORP_MOVED);
    EXPECT(orp_answer(&received, &moved, 1, code), ORP_MOVED);
    EXPECT(orp_address(&received, &moved, text, sizeof text, &len), ORP_MOVED);
    EXPECT(orp_secure_code(&received, &moved, 7, text, sizeof text, &len, code), ORP_MOVED);
    EXPECT(orp_key_wipe(&moved), ORP_OK);
    for (size_t p = 0; p < sizeof patterns; p++) {
        memset(&moved, patterns[p], sizeof moved);
        memset(&copy, patterns[p], sizeof copy);
        EXPECT(orp_verify(&received, &moved), ORP_NOT_SET_UP);
        EXPECT(orp_answer(&received, &moved, 1, code), ORP_NOT_SET_UP);
        EXPECT(orp_address(&received, &moved, text, sizeof text, &len), ORP_NOT_SET_UP);
        EXPECT(orp_secure_code(&received, &moved, 7, text, sizeof text, &len, code), ORP_NOT_SET_UP);
        EXPECT(orp_verify(&copy, &key), ORP_NOT_SET_UP);
        EXPECT(orp_answer(&copy, &key, 1, code), ORP_NOT_SET_UP);
        EXPECT(orp_address(&copy, &key, text, sizeof text, &len), ORP_NOT_SET_UP);
        EXPECT(orp_secure_code(&copy, &key, 7, text, sizeof text, &len, code), ORP_NOT_SET_UP);
        EXPECT(orp_canonical(&copy, text, sizeof text, &len), ORP_NOT_SET_UP);
    }
    for (int round = 0; round < 2; round++) {
        EXPECT(orp_read("4H", 2, &copy, &claims, NULL), ORP_LENGTH);
        EXPECT(orp_verify(&copy, &key), ORP_NOT_SET_UP); // what could not be read is not set up, whatever it was before
        copy = received;
    }
    EXPECT(orp_verify(&copy, &key), ORP_VERIFIED);
    for (int32_t term = -1; term < 12; term++) {
        EXPECT(orp_answer(&received, &key, term, code), term < 1 || term > 9 ? ORP_RESERVED_K : ORP_OK);
    }
    memset(code, 0x5a, sizeof code);
    d[0] = 9;
    EXPECT(orp_key_take(&key, d), ORP_OK);
    EXPECT(orp_verify(&received, &key), ORP_NOT_GENUINE);
    EXPECT(orp_answer(&received, &key, 1, code), ORP_NOT_GENUINE);
    EXPECT(orp_answer(&received, &key, 0, code), ORP_NOT_GENUINE); // that comes first
    CHECK(code[0] == 0x5a && code[ORP_CODE_SIZE - 1] == 0x5a);
    EXPECT(orp_key_wipe(&key), ORP_OK);
    for (size_t i = 0; i < sizeof key; i++) {
        CHECK(((unsigned char *)&key)[i] == 0);
    }
    EXPECT(orp_verify(&received, &key), ORP_NOT_SET_UP);
    EXPECT(orp_key_wipe((orp_key *)(void *)((char *)&key + 1)), ORP_MISALIGNED);
    EXPECT(orp_verify((const orp_received *)(const void *)((const char *)&received + 1), &key), ORP_MISALIGNED);
}

// A screen that is drawn anew shows what was shown, until the challenge's life ends.
static void shown_again(void)
{
    orp_shown again;
    start(&device, 0);
    EXPECT(orp_live(&device, ORP_LOCAL, 1, &again), ORP_NO_CHALLENGE);
    open_at(&device, ORP_LOCAL, 1, 5);
    EXPECT(orp_live(&device, ORP_LOCAL, 60, &again), ORP_OK);
    CHECK(strcmp(again.text, shown.text) == 0 && memcmp(again.challenge.nonce, shown.challenge.nonce, sizeof shown.challenge.nonce) == 0);
    CHECK(again.challenge.header == shown.challenge.header && again.challenge.address_on_file == 1 && again.standing == ORP_OK);
    CHECK(again.shown_at == 5 && again.expires_at == 5 + 259200 && shown.expires_at == again.expires_at && again.wait == 0);
    EXPECT(orp_live(&device, ORP_NETWORK, 60, &again), ORP_NO_CHALLENGE);
    EXPECT(orp_live(&device, ORP_LOCAL, 5 + 259199, &again), ORP_OK);
    EXPECT(orp_live(&device, ORP_LOCAL, 5 + 259200, &again), ORP_NO_CHALLENGE);
    EXPECT(orp_close_local(&device, 1), ORP_OK);
    EXPECT(orp_live(&device, ORP_LOCAL, 60, &again), ORP_OK);
    EXPECT(orp_close_local(&device, 0), ORP_OK);
    EXPECT(orp_live(&device, ORP_LOCAL, 60, &again), ORP_NO_CHALLENGE);
}

static int bits(uint32_t x)
{
    int n = 0;
    for (; x != 0; x &= x - 1) {
        n++;
    }
    return n;
}

static void names(void)
{
    char word[ORP_WORD_SIZE];
    int known = 0;
    CHECK(sizeof(orp_device) == ORP_DEVICE_SIZE && orp_device_size() == ORP_DEVICE_SIZE);
    CHECK(sizeof(orp_key) == ORP_KEY_SIZE && orp_key_size() == ORP_KEY_SIZE);
    CHECK(sizeof(orp_received) == ORP_RECEIVED_SIZE && orp_received_size() == ORP_RECEIVED_SIZE);
    CHECK(orp_align() == ORP_ALIGN && orp_abi() == ORP_ABI && strchr(orp_version(), '.') != NULL);
    CHECK(sizeof(orp_status) == 4);
    for (int32_t status = -1000; status < 1000; status++) {
        if (strcmp(orp_strerror(status), "unknown status") != 0) {
            known++;
            CHECK(bits((uint32_t)status ^ (uint32_t)ORP_VERIFIED) >= 8);
        }
        CHECK(strcmp(orp_owner_text(status, ORP_ENGLISH), orp_owner_text(status, ORP_DUTCH)) != 0); // and neither is NULL
    }
    CHECK(known == 51 && strcmp(orp_strerror(ORP_VERIFIED), "verified") == 0);
    CHECK(strcmp(orp_strerror(ORP_REJECTED), "rejected") == 0);
    CHECK(strcmp(orp_owner_text(ORP_NULL, ORP_ENGLISH), "Please start again.") == 0);
    CHECK(strcmp(orp_owner_text(ORP_PENDING, ORP_DUTCH), "Begin opnieuw.") == 0);
    for (int c = 0; c < 128; c++) {
        int letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        EXPECT(orp_spell((char)c, ORP_ENGLISH, word), letter ? ORP_OK : ORP_ARGUMENT);
        EXPECT(orp_spell((char)c, ORP_DUTCH, word), letter ? ORP_OK : ORP_ARGUMENT);
    }
    EXPECT(orp_spell((char)0xe9, ORP_DUTCH, word), ORP_ARGUMENT);
    EXPECT(orp_spell('Q', ORP_DUTCH, word), ORP_OK);
    CHECK(strcmp(word, "Quoti\xc3\xabnt") == 0);
}

int main(void)
{
    names();
    nulls();
    overlaps();
    texts();
    buffers();
    arguments();
    devices();
    order();
    grants();
    finished();
    administrator();
    shown_again();
    vendor();
    keys();
    printf("%d failures\n", failures);
    return failures != 0;
}
