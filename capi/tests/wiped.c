// What a call leaves on the stack below its caller: no part of D, of the key made from it, and at the vendor none of a code or an address
// that went to the caller's buffer. Reads what was never written, and so is built without sanitizers. With an argument it says how much
// stack each call used as well: capi/README.md's table.
#include "check.h"

enum { DEPTH = 32768, WINDOW = 8 };

static const char serial[] = "CAM1";
static uint8_t slots[ORP_SLOTS_SIZE];
static orp_device device;
static orp_key key;
static orp_received received;
static orp_record record;
static orp_shown shown;
static uint8_t d[ORP_KEY_BYTES], secret_d[ORP_KEY_BYTES], value[ORP_CHECK_SIZE];
static uint8_t grant[ORP_HANDLE_SIZE]; // of a Grant that is not taken
static uint8_t secret_key[ORP_KEY_SIZE - 16]; // behind the magic word and the address
static char code[ORP_CODE_SIZE], address[ORP_ADDRESS_SIZE], secret_code[ORP_CODE_SIZE];
static size_t len;

#if defined(__GNUC__)
#define APART __attribute__((noinline, noclone))
#endif
#if defined(__clang__)
#undef APART
#define APART __attribute__((noinline))
#endif

// Writes over the stack below, so that only what comes later is found.
static APART void paint(void)
{
    volatile uint8_t room[DEPTH];
    for (size_t i = 0; i < DEPTH; i++) {
        room[i] = 0xee;
    }
    (void)room;
}

// Copies what is there now, in an order that does not write over it.
static APART const uint8_t *look(void)
{
    static uint8_t seen[DEPTH];
    volatile uint8_t room[DEPTH];
    __asm__ volatile("" : : "r"(room) : "memory"); // the compiler is to think that somebody wrote it
    for (size_t i = 0; i < DEPTH; i++) {
        seen[i] = room[i];
    }
    return seen;
}

// Not a counter, nor zeros, which are everywhere.
static int is_telling(const uint8_t *window)
{
    int different = 0;
    for (size_t i = 0; i < WINDOW; i++) {
        size_t j = 0;
        while (j < i && window[j] != window[i]) {
            j++;
        }
        different += j == i;
    }
    return different >= 5;
}

static int holds(const uint8_t *seen, const uint8_t *secret, size_t size)
{
    for (size_t from = 0; from + WINDOW <= size; from++) {
        for (size_t at = 0; is_telling(secret + from) && at + WINDOW <= DEPTH; at++) {
            if (memcmp(seen + at, secret + from, WINDOW) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

// How far down a call wrote.
static void report(const char *call, const uint8_t *seen)
{
    size_t untouched = 0;
    while (untouched < DEPTH && seen[untouched] == 0xee) {
        untouched++;
    }
    printf("stack %.*s %lu\n", (int)strcspn(call, "("), call, (unsigned long)(DEPTH - untouched));
}

#define LEAVES_NOTHING(call, status)                                                               \
    do {                                                                                           \
        paint();                                                                                   \
        int32_t got = (call);                                                                      \
        const uint8_t *seen = look();                                                              \
        check_status(got, (status), __FILE__, __LINE__, #call);                                    \
        if (holds(seen, secret_d, sizeof secret_d)) {                                              \
            failures++, printf("%s:%d: %s leaves a part of D\n", __FILE__, __LINE__, #call);       \
        }                                                                                          \
        if (holds(seen, secret_key, sizeof secret_key)) {                                          \
            failures++, printf("%s:%d: %s leaves a part of the key\n", __FILE__, __LINE__, #call); \
        }                                                                                          \
        if (holds(seen, (const uint8_t *)secret_code, 14)) {                                       \
            failures++, printf("%s:%d: %s leaves a part of a code\n", __FILE__, __LINE__, #call);  \
        }                                                                                          \
        if (holds(seen, grant, sizeof grant)) {                                                    \
            failures++, printf("%s:%d: %s leaves a part of a handle\n", __FILE__, __LINE__, #call); \
        }                                                                                          \
        if (holds(seen, (const uint8_t *)"jan.de.vries@example.nl", 23)) {                         \
            failures++, printf("%s:%d: %s leaves a part of an address\n", __FILE__, __LINE__, #call); \
        }                                                                                          \
        if (argc > 1) {                                                                            \
            report(#call, seen);                                                                   \
        }                                                                                          \
        calls++;                                                                                   \
    } while (0)

static const uint8_t entropy[ORP_ENTROPY_SIZE] = {1};
static const uint8_t root[ORP_KEY_BYTES] = {2};

static void prepare(void)
{
    EXPECT(orp_root_derive(root, serial, 4, secret_d), ORP_OK);
    EXPECT(orp_genesis(secret_d, serial, 4, slots, value), ORP_OK);
    memcpy(d, secret_d, sizeof d);
    EXPECT(orp_key_take(&key, d), ORP_OK);
    memcpy(secret_key, (const char *)&key + 16, sizeof secret_key);
    memcpy(d, secret_d, sizeof d);
}

int main(int argc, char **argv)
{
    int calls = 0;
    (void)argv;
    char qr[ORP_QR_SIZE];
    static const char on_file[] = "jan.de.vries@example.nl";
    char masked[ORP_MASKED_SIZE];
    static orp_corrections found;
    orp_info info;
    orp_purpose purpose;
    orp_reset reset;
    prepare();
    LEAVES_NOTHING(orp_genesis(secret_d, serial, 4, slots, value), ORP_OK);
    LEAVES_NOTHING(orp_device_load(&device, d, serial, 4, value, 0, NULL, slots, 0, NULL), ORP_OK);
    LEAVES_NOTHING(orp_device_reload(&device, slots, 0, NULL), ORP_OK);
    LEAVES_NOTHING(orp_device_info(&device, &info), ORP_OK);
    LEAVES_NOTHING(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 1, entropy, 1, slots, &record, &shown, NULL), ORP_STORE);
    store(slots, &record);
    LEAVES_NOTHING(orp_show(&device, slots, &shown), ORP_OK);
    LEAVES_NOTHING(orp_live(&device, ORP_LOCAL, 1, &shown), ORP_OK);
    LEAVES_NOTHING(orp_qr(&device, ORP_LOCAL, 1, on_file, 23, NULL, 0, qr, sizeof qr, &len), ORP_OK);
    LEAVES_NOTHING(orp_read(qr, len, &received, NULL, NULL), ORP_OK);
    LEAVES_NOTHING(orp_mask(on_file, 23, masked, sizeof masked, &len), ORP_OK);
    LEAVES_NOTHING(orp_correct("4H0583BPAG12345-80JM5-4YRWN-DBZZC-CYQF6", 39, &found, NULL), ORP_OK);
    LEAVES_NOTHING(orp_standing(&device, ORP_LOCAL, 2, NULL), ORP_OK);
    memcpy(d, secret_d, sizeof d);
    LEAVES_NOTHING(orp_key_take(&key, d), ORP_OK);
    EXPECT(orp_answer(&received, &key, ORP_SECURE_CODE_1_H, secret_code), ORP_OK);
    LEAVES_NOTHING(orp_verify(&received, &key), ORP_VERIFIED);
    LEAVES_NOTHING(orp_answer(&received, &key, ORP_SECURE_CODE_1_H, code), ORP_OK);
    LEAVES_NOTHING(orp_address(&received, &key, address, sizeof address, &len), ORP_OK);
    LEAVES_NOTHING(orp_secure_code(&received, &key, ORP_SECURE_CODE_1_H, address, sizeof address, &len, code), ORP_OK);
    LEAVES_NOTHING(orp_root_derive(root, serial, 4, d), ORP_OK);
    LEAVES_NOTHING(orp_root_check_value(root, 0, value), ORP_OK);
    LEAVES_NOTHING(orp_root_check(d, 0, value), ORP_KEY_CHECK);
    memset(d, 0, sizeof d);
    LEAVES_NOTHING(orp_submit(&device, ORP_LOCAL, 0, "1929-4926-8276", 14, 2, slots, &record, NULL), ORP_CHECK);
    char typed[ORP_CODE_SIZE];
    memcpy(typed, secret_code, sizeof typed);
    memset(secret_code, 0, sizeof secret_code); // what the owner typed is the owner's
    LEAVES_NOTHING(orp_submit(&device, ORP_LOCAL, 0, typed, 14, 2, slots, &record, NULL), ORP_STORE);
    store(slots, &record);
    LEAVES_NOTHING(orp_compare(&device, slots, &record), ORP_STORE);
    store(slots, &record);
    LEAVES_NOTHING(orp_grant(&device, slots, grant), ORP_OK);
    LEAVES_NOTHING(orp_grant_purpose(&device, ORP_LOCAL, grant, &purpose), ORP_OK);
    LEAVES_NOTHING(orp_grant_take(&device, ORP_LOCAL, grant, 3, &reset), ORP_VERIFIED);
    LEAVES_NOTHING(orp_grant_drop(&device, ORP_LOCAL, grant), ORP_NO_GRANT);
    memset(grant, 0, sizeof grant);
    LEAVES_NOTHING(orp_withdraw(&device), ORP_OK);
    LEAVES_NOTHING(orp_login(&device, 4, slots, &record), ORP_OK);
    // a code for another challenge, with the check digit for this one; the administrator comes; then the flash fails
    LEAVES_NOTHING(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 1, entropy, 100, slots, &record, &shown, NULL), ORP_OK);
    typed[13] = '0';
    while (orp_submit(&device, ORP_LOCAL, 0, typed, 14, 101, slots, &record, NULL) == ORP_CHECK) {
        typed[13]++;
    }
    LEAVES_NOTHING(orp_pending(&device, &record), ORP_STORE);
    store(slots, &record);
    LEAVES_NOTHING(orp_compare(&device, slots, &record), ORP_REJECTED);
    LEAVES_NOTHING(orp_allow_again(&device, 102, slots, &record), ORP_OK);
    LEAVES_NOTHING(orp_login(&device, 86600, slots, &record), ORP_STORE);
    store(slots, &record);
    LEAVES_NOTHING(orp_lowered(&device, slots), ORP_OK);
    LEAVES_NOTHING(orp_close_local(&device, 1), ORP_OK);
    LEAVES_NOTHING(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, 86700, slots, &record, &shown, NULL), ORP_OK);
    for (typed[13] = '0'; orp_submit(&device, ORP_LOCAL, 0, typed, 14, 86701, slots, &record, NULL) == ORP_CHECK;) {
        typed[13]++;
    }
    store(slots, &record);
    LEAVES_NOTHING(orp_finish(&device, slots, &record), ORP_OK);
    EXPECT(orp_submit(&device, ORP_LOCAL, 0, typed, 14, 86702, slots, &record, NULL), ORP_STORE);
    LEAVES_NOTHING(orp_abandon(&device), ORP_OK);
    LEAVES_NOTHING(orp_key_wipe(&key), ORP_OK);
    LEAVES_NOTHING(orp_device_wipe(&device), ORP_OK);
    printf("%d calls, %d failures\n", calls, failures);
    return failures != 0;
}
