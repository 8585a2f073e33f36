// The loop of a firmware: 'forgot password' at the local screen, in a terminal. Flash is a file with two slots of 32 bytes; kill the
// program at any moment, that is a power cut. issuer.c makes the two files and answers.
//
// From the repository's root:
//
//     cargo build --release --locked -p offline-reset-capi
//     cc -std=c99 -Icapi/include examples/c/device.c target/release/liboffline_reset.a -o device
//     ./device SERIAL KEY-FILE FLASH-FILE
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <offline_reset.h>

// One device, one ledger, where it stays: screen and web page share it (DUTY-13).
static orp_device device;
static int flash;

// There is one dialog here. A web page has a number for each connection: the steps and the Grant are for that one alone (SES-20).
enum { SESSION = 1 };

// Whole seconds since the device started, not the program; nobody sets this clock.
static uint64_t uptime(void)
{
    struct timespec now;
#ifdef CLOCK_BOOTTIME
    return clock_gettime(CLOCK_BOOTTIME, &now) == 0 ? (uint64_t)now.tv_sec : 0;
#else
    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (uint64_t)now.tv_sec : 0;
#endif
}

static int read_flash(uint8_t slots[ORP_SLOTS_SIZE])
{
    return pread(flash, slots, ORP_SLOTS_SIZE, 0) == ORP_SLOTS_SIZE;
}

// Writes the record, waits until it has reached the medium, reads both slots from there. A firmware has its flash driver here: each slot in
// an erase unit of its own, and no cache between (DUTY-12).
static int store(const orp_record *record, uint8_t slots[ORP_SLOTS_SIZE])
{
    ssize_t written = pwrite(flash, record->bytes, ORP_RECORD_SIZE, (off_t)record->slot * ORP_RECORD_SIZE);
    return written == ORP_RECORD_SIZE && fsync(flash) == 0 && read_flash(slots);
}

// A store that failed has left the ledger useless: only flash knows now what counts. Slots that could not be read before a record waited
// have not, and the challenge stays.
static void reload(void)
{
    uint8_t slots[ORP_SLOTS_SIZE];
    orp_record record;
    orp_info info;
    if (orp_pending(&device, &record) == ORP_OK && orp_device_info(&device, &info) == ORP_OK && !info.poisoned) {
        return;
    }
    if (!read_flash(slots) || orp_device_reload(&device, slots, uptime(), NULL) != ORP_OK) {
        puts("Flash cannot be read.");
        exit(EXIT_FAILURE);
    }
}

static void refuse(orp_status status, uint32_t detail)
{
    puts(orp_owner_text(status, ORP_ENGLISH));
    if (status == ORP_WAITING || status == ORP_TOO_SOON) {
        printf("(%u seconds)\n", (unsigned)detail);
    }
    if (status == ORP_STALE || status == ORP_STORE_FAILED || status == ORP_POISONED) {
        reload();
    }
}

static void forgot_password(void)
{
    uint8_t entropy[ORP_ENTROPY_SIZE] = {0}, slots[ORP_SLOTS_SIZE];
    uint32_t detail = 0;
    orp_record record;
    orp_shown shown;
    FILE *random = fopen("/dev/urandom", "rb"); // if it is dead, whatever it gives: that alone repeats no challenge
    if (random == NULL || fread(entropy, 1, sizeof entropy, random) != sizeof entropy) {
        puts("(no entropy)");
    }
    if (random != NULL) {
        fclose(random);
    }
    orp_status status = ORP_STORE_FAILED;
    if (read_flash(slots)) {
        status = orp_open(&device, ORP_LOCAL, ORP_ACCOUNT_PASSWORD, 0, entropy, uptime(), slots, &record, &shown, &detail);
        if (status == ORP_STORE) { // the first since the start
            status = store(&record, slots) ? orp_show(&device, slots, &shown) : ORP_STORE_FAILED;
        }
    }
    if (status != ORP_OK) {
        refuse(status, detail);
        return;
    }
    char qr[ORP_QR_SIZE];
    size_t len;
    printf("Your serial number: %s\n", shown.text);
    if (orp_qr(&device, ORP_LOCAL, uptime(), NULL, 0, NULL, 0, qr, sizeof qr, &len) == ORP_OK) {
        printf("As a QR code:       %s\n", qr);
    }
    if (shown.standing == ORP_WAITING) {
        printf("Codes are taken in %u seconds.\n", (unsigned)shown.wait);
    }
}

// Store, read back, compare, store, read back, Grant: in no other order.
static orp_status code_typed(const char *code, uint8_t grant[ORP_HANDLE_SIZE], uint32_t *detail)
{
    uint8_t slots[ORP_SLOTS_SIZE];
    orp_record record;
    if (!read_flash(slots)) {
        return ORP_STORE_FAILED;
    }
    orp_status status = orp_submit(&device, ORP_LOCAL, SESSION, code, strlen(code), uptime(), slots, &record, detail);
    if (status != ORP_STORE) {
        return status; // nothing was counted
    }
    if (!store(&record, slots)) {
        return ORP_STORE_FAILED; // the record waits: refuse() reloads
    }
    status = orp_compare(&device, slots, &record);
    if (status != ORP_STORE) {
        return status; // ORP_REJECTED: counted
    }
    if (!store(&record, slots)) {
        return ORP_STORE_FAILED; // the record waits: refuse() reloads
    }
    return orp_grant(&device, slots, grant);
}

static int read_line(const char *prompt, char *line, int size)
{
    printf("%s", prompt);
    fflush(stdout);
    if (fgets(line, size, stdin) == NULL) {
        return 0;
    }
    line[strcspn(line, "\r\n")] = 0;
    return 1;
}

static void new_password(const uint8_t grant[ORP_HANDLE_SIZE])
{
    char password[128];
    orp_reset reset;
    if (!read_line("New password (within 10 minutes): ", password, sizeof password) || password[0] == 0) {
        orp_grant_drop(&device, ORP_LOCAL, grant); // the dialog has ended, and the Grant with it (DUTY-16)
        return;
    }
    orp_status status = orp_grant_take(&device, ORP_LOCAL, grant, uptime(), &reset);
    if (status != ORP_VERIFIED) {
        refuse(status, 0);
        return;
    }
    // here, and nowhere else, a firmware sets the password
    memset(password, 0, sizeof password);
    printf("Set. This device has now been reset %ux.\n", (unsigned)reset.resets);
}

// After a login with the password; `allow` on a page of its own, with the password typed anew. No web page's process may do either (DUTY-21).
static void administrator(int allow)
{
    uint8_t slots[ORP_SLOTS_SIZE];
    orp_record record;
    orp_status status = ORP_STORE_FAILED;
    if (read_flash(slots)) {
        status = allow ? orp_allow_again(&device, uptime(), slots, &record) : orp_login(&device, uptime(), slots, &record);
    }
    if (status == ORP_STORE) {
        status = store(&record, slots) ? orp_lowered(&device, slots) : ORP_STORE_FAILED;
    }
    if (status != ORP_OK) {
        refuse(status, 0); // the login goes on
    }
}

static int start(const char *serial, const char *key_file, const char *flash_file)
{
    uint8_t d[ORP_KEY_BYTES], check[ORP_CHECK_SIZE], slots[ORP_SLOTS_SIZE];
    orp_loaded loaded;
    FILE *key = fopen(key_file, "rb"); // D, then its check value
    int whole = key != NULL && fread(d, 1, sizeof d, key) == sizeof d && fread(check, 1, sizeof check, key) == sizeof check;
    if (key != NULL) {
        fclose(key);
    }
    if (!whole) {
        memset(d, 0, sizeof d);
        printf("%s holds no key: issuer makes one.\n", key_file);
        return 0;
    }
    flash = open(flash_file, O_RDWR);
    if (flash < 0 || !read_flash(slots)) {
        memset(d, 0, sizeof d);
        printf("%s is no flash: issuer makes one.\n", flash_file);
        return 0;
    }
    orp_status status = orp_device_load(&device, d, serial, strlen(serial), check, 0, NULL, slots, uptime(), &loaded);
    if (status != ORP_OK) {
        puts(orp_strerror(status));
        return 0;
    }
    if (loaded.ledger != ORP_LEDGER_GOOD) {
        puts("The memory for wrong codes is damaged or erased: the longest wait applies.");
    }
    return 1;
}

int main(int argc, char **argv)
{
    char line[ORP_QR_SIZE];
    if (argc != 4) {
        puts("usage: device SERIAL KEY-FILE FLASH-FILE");
        return EXIT_FAILURE;
    }
    if (orp_abi() != ORP_ABI || !start(argv[1], argv[2], argv[3])) {
        return EXIT_FAILURE;
    }
    while (read_line("forgot, login, allow, close, quit, or a code> ", line, sizeof line) && strcmp(line, "quit") != 0) {
        if (strcmp(line, "forgot") == 0) {
            forgot_password();
        } else if (strcmp(line, "login") == 0) {
            administrator(0);
        } else if (strcmp(line, "allow") == 0) {
            administrator(1);
        } else if (strcmp(line, "close") == 0) {
            orp_close_local(&device, 0);
        } else {
            uint8_t grant[ORP_HANDLE_SIZE];
            uint32_t detail = 0;
            orp_status status = code_typed(line, grant, &detail);
            if (status == ORP_OK) {
                new_password(grant);
            } else {
                refuse(status, detail);
            }
        }
    }
    orp_device_wipe(&device);
    return EXIT_SUCCESS;
}
