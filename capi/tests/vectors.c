// The library agrees with every vector that its header lets see. vectors.h is written by export.py, which says what it does not let see.
#include "check.h"

struct bytes {
    const char *at;
    size_t len;
};

struct key_case {
    int tc;
    struct bytes root;
    int32_t epoch;
    struct bytes serial, message, d;
    int32_t refused_root, refused_serial;
};

struct take_case {
    int tc;
    struct bytes d;
    int32_t status;
};

struct root_case {
    int tc;
    struct bytes root;
    int32_t epoch;
    struct bytes mac, expected;
    int32_t status;
    struct bytes message;
};

struct device_case {
    int tc;
    struct bytes d, serial, check;
    int32_t status;
};

struct answer_case {
    int tc, is_secure;
    struct bytes key, text;
    int32_t k, status;
    struct bytes address, code;
};

struct cap_case {
    int tc;
    uint32_t cap;
    int32_t status;
};

struct read_case {
    int tc, is_qr;
    struct bytes text;
    int32_t status;
    uint32_t detail;
    struct bytes serial;
    unsigned header;
    struct bytes nonce, canonical;
};

struct verify_case {
    int tc, is_qr;
    struct bytes key, text;
    int32_t status;
    struct bytes address;
};

struct written_case {
    int tc;
    struct bytes key, text, serial;
    unsigned header;
    int32_t purpose, epoch, origin;
    int mail;
    struct bytes nonce, address;
    int is_qr;
};

struct code_case {
    int tc;
    struct bytes key, challenge;
    int32_t k, status;
    struct bytes code;
};

struct typed_case {
    int tc;
    struct bytes text;
    int32_t status;
    uint32_t detail;
};

struct correct_case {
    int tc;
    struct bytes text;
    int32_t status;
    uint32_t detail, count;
    struct bytes found[4];
};

struct mask_case {
    int tc;
    struct bytes address;
    int32_t status;
    struct bytes masked;
};

struct refused_case {
    int tc, mail;
    struct bytes address, url;
    int32_t status;
};

struct load_case {
    int tc;
    struct bytes key, slots;
    int32_t ledger, slot[2];
    uint32_t seq, resets, fail[2];
    int is_genesis;
};

struct session_case {
    int tc;
    struct bytes serial, key;
    int32_t epoch;
    orp_policy policy;
    struct bytes slots;
    int first, count;
};

enum operation {
    DO_LOAD, DO_OPEN, DO_SUBMIT, DO_CONFIRM, DO_CUT, DO_ADMIN_LOGIN, DO_ALLOW_AGAIN, DO_CLOSE, DO_WITHDRAW, DO_GIVE_UP, DO_FINISH,
    DO_CONSUME_GRANT, DO_CONSUME_BY_HANDLE, DO_FLASH
};
enum fault { FAULT_NONE, FAULT_LOST, FAULT_ERASED, FAULT_TORN, FAULT_FLIP };
enum outcome { DONE, REFUSED, STORES, SHOWN, GRANT };

struct step {
    enum operation operation;
    int32_t origin, purpose, mail, keep;
    uint32_t session;
    uint64_t now;
    struct bytes data;
    enum fault fault;
    unsigned fault_at;
    int flash_slot;
    enum outcome outcome;
    int32_t status;
    uint32_t detail, slot;
    struct bytes stored, shown;
    unsigned header;
    struct bytes nonce;
    uint64_t since;
    uint32_t wait;
    int stopped;
    struct {
        int32_t origin, purpose, method;
        uint32_t resets, session;
        struct bytes handle;
    } grant;
    uint32_t resets, fail[2], poisoned, waiting_session;
};

#include "vectors.h"

#define EACH(table, name) \
    for (const struct table##_case *name = table##_cases; name < table##_cases + sizeof table##_cases / sizeof *table##_cases; name++)

static const char *family;
static int test;

// The number of the test with what failed in it.
static void begin(const char *of, int tc)
{
    static int shown_failures;
    if (failures != shown_failures) {
        printf("  .. in %s, tcId %d\n", family, test);
        shown_failures = failures;
    }
    family = of;
    test = tc;
}

static int is(struct bytes wanted, const void *got, size_t len)
{
    return wanted.len == len && memcmp(wanted.at, got, len) == 0;
}

static int is_text(struct bytes wanted, const char *got)
{
    return is(wanted, got, strlen(got));
}

static int is_wiped(const uint8_t key[ORP_KEY_BYTES])
{
    return key[0] == 0 && memcmp(key, key + 1, ORP_KEY_BYTES - 1) == 0;
}

static void take_key(orp_key *key, struct bytes from)
{
    uint8_t d[ORP_KEY_BYTES];
    memcpy(d, from.at, sizeof d);
    EXPECT(orp_key_take(key, d), ORP_OK);
}

static void load(orp_device *device, struct bytes key, struct bytes serial, int32_t epoch, const orp_policy *policy, const uint8_t *slots,
                 uint64_t now, orp_loaded *loaded)
{
    uint8_t d[ORP_KEY_BYTES], genesis[ORP_RECORD_SIZE], check[ORP_CHECK_SIZE];
    memcpy(d, key.at, sizeof d);
    EXPECT(orp_genesis(d, serial.at, serial.len, genesis, check), ORP_OK);
    EXPECT(orp_device_load(device, d, serial.at, serial.len, check, epoch, policy, slots, now, loaded), ORP_OK);
}

static int32_t read_text(int is_qr, struct bytes text, orp_received *received, orp_challenge *challenge, uint32_t *detail)
{
    if (is_qr) {
        return orp_read_qr(text.at, text.len, received, challenge, detail);
    }
    return orp_read_typed(text.at, text.len, received, challenge, detail);
}

static void keys(void)
{
    EACH(key, t) {
        uint8_t root[ORP_KEY_BYTES], d[ORP_KEY_BYTES], message[ORP_ROOT_MESSAGE_SIZE], check[ORP_CHECK_SIZE];
        size_t len;
        begin("key", t->tc);
        memcpy(root, t->root.at, sizeof root);
        EXPECT(orp_root_check_value(root, t->epoch, check), t->refused_root);
        if (t->epoch < 8) { // the rest has no epoch
            int32_t status = t->refused_root == ORP_OK ? t->refused_serial : t->refused_root;
            EXPECT(orp_root_derive(root, t->serial.at, t->serial.len, d), status);
            CHECK(t->d.at == NULL || is(t->d, d, sizeof d));
        }
        EXPECT(orp_root_message(t->serial.at, t->serial.len, message, sizeof message, &len), t->refused_serial);
        CHECK(t->message.at == NULL || is(t->message, message, len));
    }
    EACH(take, t) {
        uint8_t d[ORP_KEY_BYTES];
        orp_key key;
        begin("key taken", t->tc);
        memcpy(d, t->d.at, sizeof d);
        EXPECT(orp_key_take(&key, d), t->status);
        CHECK(is_wiped(d));
    }
    EACH(root, t) {
        uint8_t mac[ORP_KEY_BYTES], check[ORP_CHECK_SIZE], message[ORP_ROOT_CHECK_MESSAGE_SIZE];
        begin("check of a root", t->tc);
        memcpy(mac, t->mac.at, sizeof mac);
        memcpy(check, t->expected.at, sizeof check);
        EXPECT(orp_root_check(mac, t->epoch, check), t->status);
        CHECK(is_wiped(mac));
        if (t->status == ORP_OK) {
            uint8_t root[ORP_KEY_BYTES];
            EXPECT(orp_root_check_message(t->epoch, message), ORP_OK);
            CHECK(is(t->message, message, sizeof message));
            memcpy(root, t->root.at, sizeof root);
            EXPECT(orp_root_check_value(root, t->epoch, check), ORP_OK);
            CHECK(is(t->expected, check, sizeof check));
        }
    }
    EACH(device, t) {
        static const uint8_t blank[ORP_SLOTS_SIZE] = {0};
        uint8_t d[ORP_KEY_BYTES], genesis[ORP_RECORD_SIZE], check[ORP_CHECK_SIZE];
        orp_device loaded;
        begin("check of a device", t->tc);
        memcpy(d, t->d.at, sizeof d);
        memcpy(check, t->check.at, sizeof check);
        EXPECT(orp_device_load(&loaded, d, t->serial.at, t->serial.len, check, 0, NULL, blank, 0, NULL), t->status);
        CHECK(is_wiped(d));
        if (t->status == ORP_OK) {
            memcpy(d, t->d.at, sizeof d);
            EXPECT(orp_genesis(d, t->serial.at, t->serial.len, genesis, check), ORP_OK);
            CHECK(is(t->check, check, sizeof check));
        }
    }
    EACH(cap, t) {
        static const uint8_t blank[ORP_SLOTS_SIZE] = {0};
        const orp_policy policy = {t->cap, ORP_BOTH_METHODS, ORP_SECURE_CODE};
        uint8_t d[ORP_KEY_BYTES] = {1}, genesis[ORP_RECORD_SIZE], check[ORP_CHECK_SIZE];
        orp_device loaded;
        begin("cap", t->tc);
        EXPECT(orp_genesis(d, "ANY", 3, genesis, check), ORP_OK);
        EXPECT(orp_device_load(&loaded, d, "ANY", 3, check, 0, &policy, blank, 0, NULL), t->status);
    }
}

static void answers(void)
{
    EACH(answer, t) {
        orp_received received;
        orp_key key;
        char code[ORP_CODE_SIZE], address[ORP_ADDRESS_SIZE];
        size_t len;
        begin(t->is_secure ? "secure code" : "answer", t->tc);
        take_key(&key, t->key);
        EXPECT(orp_read(t->text.at, t->text.len, &received, NULL, NULL), ORP_OK);
        if (t->is_secure) {
            EXPECT(orp_secure_code(&received, &key, t->k, address, sizeof address, &len, code), t->status);
            CHECK(t->status != ORP_OK || is(t->address, address, len));
        } else {
            EXPECT(orp_answer(&received, &key, t->k, code), t->status);
        }
        CHECK(t->status != ORP_OK || is_text(t->code, code));
    }
}

static void reads(void)
{
    EACH(read, t) {
        orp_received received;
        orp_challenge claims;
        uint32_t detail = 77;
        begin(t->is_qr ? "qr read" : "challenge read", t->tc);
        EXPECT(read_text(t->is_qr, t->text, &received, &claims, &detail), t->status);
        CHECK(detail == t->detail);
        if (t->status == ORP_OK) {
            CHECK(is_text(t->serial, claims.serial) && claims.header == t->header && is(t->nonce, claims.nonce, sizeof claims.nonce));
            if (!t->is_qr) {
                char text[ORP_CHALLENGE_SIZE];
                size_t len;
                EXPECT(orp_canonical(&received, text, sizeof text, &len), ORP_OK);
                CHECK(is(t->canonical, text, len));
            }
        }
    }
}

static void verifies(void)
{
    EACH(verify, t) {
        orp_received received;
        orp_key key;
        begin(t->is_qr ? "qr verify" : "challenge verify", t->tc);
        take_key(&key, t->key);
        EXPECT(read_text(t->is_qr, t->text, &received, NULL, NULL), ORP_OK);
        EXPECT(orp_verify(&received, &key), t->status);
        if (t->is_qr) {
            char address[ORP_ADDRESS_SIZE], code[ORP_CODE_SIZE];
            size_t len;
            int32_t status = t->status != ORP_VERIFIED ? t->status : t->address.at == NULL ? (int32_t)ORP_NONE_ON_FILE : (int32_t)ORP_OK;
            EXPECT(orp_address(&received, &key, address, sizeof address, &len), status);
            CHECK(status != ORP_OK || is(t->address, address, len));
            EXPECT(orp_secure_code(&received, &key, ORP_SECURE_CODE_1_H, address, sizeof address, &len, code), status);
            CHECK(status != ORP_OK || is(t->address, address, len));
        }
        char code[ORP_CODE_SIZE];
        EXPECT(orp_answer(&received, &key, ORP_DYNAMIC_PASSWORD_1_H, code), t->status == ORP_VERIFIED ? (int32_t)ORP_OK : t->status);
    }
}

// What a device wrote is read back, and is genuine: the nonce cannot be chosen through this header, so nothing is written here.
static void written(void)
{
    EACH(written, t) {
        orp_received received;
        orp_challenge claims;
        orp_key key;
        begin(t->is_qr ? "qr write" : "challenge write", t->tc);
        EXPECT(orp_read(t->text.at, t->text.len, &received, &claims, NULL), ORP_OK);
        CHECK(is_text(t->serial, claims.serial) && claims.purpose == t->purpose && claims.epoch == t->epoch && claims.origin == t->origin);
        CHECK(claims.header == t->header && claims.address_on_file == t->mail && is(t->nonce, claims.nonce, sizeof claims.nonce));
        take_key(&key, t->key);
        EXPECT(orp_verify(&received, &key), ORP_VERIFIED);
        char text[ORP_ADDRESS_SIZE];
        size_t len;
        if (t->is_qr) {
            EXPECT(orp_address(&received, &key, text, sizeof text, &len), t->address.at == NULL ? ORP_NONE_ON_FILE : ORP_OK);
            CHECK(t->address.at == NULL || is(t->address, text, len));
        } else {
            EXPECT(orp_canonical(&received, text, sizeof text, &len), ORP_OK);
            CHECK(is(t->text, text, len));
        }
        EXPECT(orp_key_wipe(&key), ORP_OK);
    }
}

static void codes(void)
{
    EACH(code, t) {
        orp_received received;
        orp_key key;
        char code[ORP_CODE_SIZE];
        begin("code write", t->tc);
        take_key(&key, t->key);
        EXPECT(orp_read(t->challenge.at, t->challenge.len, &received, NULL, NULL), ORP_OK);
        EXPECT(orp_answer(&received, &key, t->k, code), t->status);
        CHECK(t->status != ORP_OK || is_text(t->code, code));
    }
    EACH(typed, t) {
        static const struct bytes serial = {"ANY", 3};
        static const char d[ORP_KEY_BYTES] = {1};
        const struct bytes key = {d, sizeof d};
        const uint8_t slots[ORP_SLOTS_SIZE] = {0};
        orp_device device;
        orp_record record;
        uint32_t detail = 77;
        begin("code read", t->tc);
        load(&device, key, serial, 0, NULL, slots, 0, NULL);
        EXPECT(orp_submit(&device, ORP_LOCAL, 0, t->text.at, t->text.len, 1, slots, &record, &detail), t->status);
        CHECK(detail == t->detail);
    }
}

static void corrections(void)
{
    EACH(correct, t) {
        orp_corrections found;
        uint32_t detail = 77;
        begin("corrections", t->tc);
        EXPECT(orp_correct(t->text.at, t->text.len, &found, &detail), t->status);
        CHECK(detail == t->detail);
        if (t->status == ORP_OK) {
            CHECK(found.count == t->count);
            for (uint32_t i = 0; i < found.count && i < t->count; i++) {
                CHECK(is_text(t->found[i], found.text[i]));
            }
        }
    }
}

static void addresses(void)
{
    EACH(mask, t) {
        char text[ORP_MASKED_SIZE];
        size_t len;
        begin("mask, address", t->tc);
        EXPECT(orp_mask(t->address.at, t->address.len, text, sizeof text, &len), t->status);
        CHECK(t->masked.at == NULL || is(t->masked, text, len));
    }
}

static void refused(void)
{
    EACH(refused, t) {
        static const struct bytes serial = {"ANY", 3};
        static const char d[ORP_KEY_BYTES] = {1};
        const struct bytes key = {d, sizeof d};
        static const uint8_t entropy[ORP_ENTROPY_SIZE] = {0};
        uint8_t slots[ORP_SLOTS_SIZE] = {0};
        char text[ORP_QR_SIZE];
        size_t len;
        orp_device device;
        orp_record record;
        orp_shown shown;
        begin("qr write, refused", t->tc);
        load(&device, key, serial, 0, NULL, slots, 0, NULL);
        EXPECT(orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, t->mail, entropy, 1, slots, &record, &shown, NULL), ORP_STORE);
        store(slots, &record);
        EXPECT(orp_show(&device, slots, &shown), ORP_OK);
        EXPECT(orp_qr(&device, ORP_LOCAL, 2, t->address.at, t->address.len, t->url.at, t->url.len, text, sizeof text, &len), t->status);
    }
}

static void loads(void)
{
    EACH(load, t) {
        static const struct bytes serial = {"ANY", 3};
        uint8_t slots[ORP_SLOTS_SIZE];
        orp_device device;
        orp_loaded loaded;
        orp_info info;
        begin("ledger", t->tc);
        memcpy(slots, t->slots.at, sizeof slots);
        load(&device, t->key, serial, 0, NULL, slots, 0, &loaded);
        CHECK(loaded.ledger == t->ledger && loaded.slot[0] == t->slot[0] && loaded.slot[1] == t->slot[1]);
        CHECK(t->ledger == ORP_LEDGER_LOST || loaded.seq[0] == t->seq || loaded.seq[1] == t->seq);
        EXPECT(orp_device_info(&device, &info), ORP_OK);
        CHECK(info.resets == t->resets && info.failures_local == t->fail[0] && info.failures_network == t->fail[1] && info.poisoned == 0);
        if (t->is_genesis) {
            uint8_t d[ORP_KEY_BYTES], record[ORP_RECORD_SIZE], check[ORP_CHECK_SIZE];
            memcpy(d, t->key.at, sizeof d);
            EXPECT(orp_genesis(d, serial.at, serial.len, record, check), ORP_OK);
            CHECK(memcmp(record, slots, sizeof record) == 0);
        }
    }
}

// A session: the device, its flash, and the origin of the last Grant.
static orp_device device;
static uint8_t slots[ORP_SLOTS_SIZE];
static int32_t granted;
static uint8_t handle[ORP_HANDLE_SIZE];
static int is_ended; // the dialog or the connection that has it

static void check_stored(const struct step *s, const orp_record *record)
{
    CHECK(s->outcome == STORES && record->slot == s->slot && is(s->stored, record->bytes, sizeof record->bytes));
}

static void check_shown(const struct step *s, const orp_shown *shown)
{
    int32_t standing = s->stopped ? ORP_STOPPED : s->wait > 0 ? ORP_WAITING : ORP_OK;
    CHECK(s->outcome == SHOWN && is_text(s->shown, shown->text) && shown->challenge.header == s->header);
    CHECK(is(s->nonce, shown->challenge.nonce, sizeof shown->challenge.nonce) && shown->shown_at == s->since);
    CHECK(shown->standing == standing && shown->wait == s->wait);
}

// What waits to be stored reaches flash, in some way.
static orp_step write_pending(const struct step *s)
{
    orp_record record;
    int32_t status = orp_pending(&device, &record);
    uint8_t *slot = slots + record.slot * ORP_RECORD_SIZE;
    CHECK((status == ORP_STORE) == (record.step != ORP_STEP_NONE));
    if (status != ORP_STORE) {
        return ORP_STEP_NONE;
    }
    switch (s->fault) {
    case FAULT_NONE: memcpy(slot, record.bytes, ORP_RECORD_SIZE); break;
    case FAULT_LOST: break;
    case FAULT_ERASED: memset(slot, 0xff, ORP_RECORD_SIZE); break;
    case FAULT_TORN: memcpy(slot, record.bytes, s->fault_at); break;
    case FAULT_FLIP:
        memcpy(slot, record.bytes, ORP_RECORD_SIZE);
        slot[s->fault_at / 8] ^= (uint8_t)(0x80 >> s->fault_at % 8);
        break;
    }
    return record.step;
}

static void confirm(const struct step *s)
{
    orp_record record;
    orp_shown shown;
    switch (write_pending(s)) {
    case ORP_STEP_SHOW:
        EXPECT(orp_compare(&device, slots, &record), ORP_WRONG_STEP);
        EXPECT(orp_show(&device, slots, &shown), s->status);
        if (s->status == ORP_OK) {
            check_shown(s, &shown);
        }
        break;
    case ORP_STEP_COMPARE:
        EXPECT(orp_grant(&device, slots, handle), ORP_WRONG_STEP);
        EXPECT(orp_compare(&device, slots, &record), s->status);
        if (s->status == ORP_STORE) {
            check_stored(s, &record);
        }
        break;
    case ORP_STEP_GRANT:
        EXPECT(orp_lowered(&device, slots), ORP_WRONG_STEP);
        EXPECT(orp_grant(&device, slots, handle), s->status);
        if (s->status == ORP_OK) {
            orp_purpose purpose;
            CHECK(s->outcome == GRANT && is(s->grant.handle, handle, sizeof handle));
            granted = s->grant.origin;
            is_ended = 0;
            EXPECT(orp_grant_purpose(&device, granted, handle, &purpose), ORP_OK);
            CHECK(purpose == s->grant.purpose);
        }
        break;
    case ORP_STEP_LOWER:
        EXPECT(orp_show(&device, slots, &shown), ORP_WRONG_STEP);
        EXPECT(orp_lowered(&device, slots), s->status);
        break;
    default: EXPECT(orp_compare(&device, slots, &record), s->status); break;
    }
}

// What waits is of a caller that is gone.
static void finish(const struct step *s)
{
    orp_record record;
    int32_t status = orp_pending(&device, &record);
    while (status == ORP_STORE) {
        store(slots, &record);
        status = orp_finish(&device, slots, &record);
    }
    EXPECT(status, s->poisoned ? ORP_POISONED : ORP_OK);
}

// The Grant is taken, or is not there, or has ended with its dialog: the crate leaves that to the firmware.
static void take_grant(const struct step *s, const uint8_t by[ORP_HANDLE_SIZE], const struct step *last_grant)
{
    orp_reset reset;
    int32_t due = is_ended ? (int32_t)ORP_NO_GRANT : s->status == ORP_OK ? (int32_t)ORP_VERIFIED : s->status;
    int32_t origin = granted == 0 ? (int32_t)ORP_LOCAL : granted;
    EXPECT(orp_grant_take(&device, origin, by, s->now, &reset), due);
    if (due == ORP_VERIFIED && last_grant != NULL) {
        CHECK(reset.origin == last_grant->grant.origin && reset.purpose == last_grant->grant.purpose);
        CHECK(reset.method == last_grant->grant.method && reset.resets == last_grant->grant.resets);
        CHECK(reset.session == last_grant->grant.session);
    }
    EXPECT(orp_grant_take(&device, origin, by, s->now, &reset), ORP_NO_GRANT);
}

// Steps with a status of their own; the others leave it to the functions above.
static void take(const struct session_case *t, const struct step *s, const struct step *last_grant)
{
    orp_record record;
    orp_shown shown;
    uint32_t detail = 77;
    uint8_t by[ORP_HANDLE_SIZE], entropy[ORP_ENTROPY_SIZE];
    switch (s->operation) {
    case DO_LOAD: load(&device, t->key, t->serial, t->epoch, &t->policy, slots, s->now, NULL); break;
    case DO_OPEN:
        memcpy(entropy, s->data.at, sizeof entropy);
        EXPECT(orp_open(&device, s->origin, s->purpose, s->mail, entropy, s->now, slots, &record, &shown, &detail), s->status);
        CHECK(detail == s->detail);
        if (s->status == ORP_OK) {
            check_shown(s, &shown);
        } else if (s->status == ORP_STORE) {
            check_stored(s, &record);
        }
        break;
    case DO_SUBMIT:
        EXPECT(orp_submit(&device, s->origin, s->session, s->data.at, s->data.len, s->now, slots, &record, &detail), s->status);
        CHECK(detail == s->detail);
        if (s->status == ORP_STORE) {
            check_stored(s, &record);
        }
        break;
    case DO_CONFIRM: confirm(s); break;
    case DO_CUT: write_pending(s); break;
    case DO_ADMIN_LOGIN:
        EXPECT(orp_login(&device, s->now, slots, &record), s->status);
        if (s->status == ORP_STORE) {
            check_stored(s, &record);
        }
        break;
    case DO_ALLOW_AGAIN:
        EXPECT(orp_allow_again(&device, s->now, slots, &record), s->status);
        if (s->status == ORP_STORE) {
            check_stored(s, &record);
        }
        break;
    case DO_CLOSE:
        EXPECT(orp_close_local(&device, s->keep), s->status);
        is_ended |= granted == ORP_LOCAL;
        break;
    case DO_WITHDRAW:
        EXPECT(orp_withdraw(&device), s->status);
        is_ended = 1;
        break;
    case DO_GIVE_UP: EXPECT(orp_abandon(&device), ORP_OK); break;
    case DO_FINISH: finish(s); break;
    case DO_CONSUME_GRANT: take_grant(s, handle, last_grant); break;
    case DO_CONSUME_BY_HANDLE:
        memcpy(by, s->data.at, sizeof by);
        take_grant(s, by, last_grant);
        break;
    case DO_FLASH: memcpy(slots + s->flash_slot * ORP_RECORD_SIZE, s->data.at, ORP_RECORD_SIZE); break;
    }
}

static void sessions(void)
{
    EACH(session, t) {
        const struct step *last_grant = NULL;
        memcpy(slots, t->slots.at, sizeof slots);
        for (const struct step *s = steps + t->first; s < steps + t->first + t->count; s++) {
            orp_info info;
            orp_record waits;
            begin("session", t->tc);
            take(t, s, last_grant);
            last_grant = s->outcome == GRANT ? s : last_grant;
            EXPECT(orp_device_info(&device, &info), ORP_OK);
            CHECK((orp_pending(&device, &waits) == ORP_OK) == (waits.step == ORP_STEP_NONE) && waits.session == s->waiting_session);
            CHECK(info.resets == s->resets && info.failures_local == s->fail[0] && info.failures_network == s->fail[1]);
            CHECK(info.poisoned == s->poisoned);
        }
    }
}

int main(void)
{
    keys();
    reads();
    verifies();
    written();
    answers();
    codes();
    corrections();
    addresses();
    refused();
    loads();
    sessions();
    begin("", 0);
#define COUNT(table) (sizeof table##_cases / sizeof *table##_cases)
    printf("%lu cases, %lu steps, %d failures\n",
           (unsigned long)(COUNT(key) + COUNT(read) + COUNT(verify) + COUNT(written) + COUNT(code) + COUNT(typed) + COUNT(correct) +
                           COUNT(mask) + COUNT(refused) + COUNT(load) + COUNT(take) + COUNT(root) + COUNT(device) + COUNT(answer) + COUNT(cap) + COUNT(session)),
           (unsigned long)(sizeof steps / sizeof *steps), failures);
    return failures != 0;
}
