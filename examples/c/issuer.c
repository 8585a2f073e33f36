// The vendor's side: the factory, and the desk that answers. The root key is a file here; yours is in an HSM or a KMS, which is given
// orp_root_message() and gives the 32 bytes of D.
//
// From the repository's root, in a target directory of its own:
//
//     cargo build --release --locked -p offline-reset-capi --features factory --target-dir target/factory
//     cc -std=c99 -Icapi/include -DORP_FACTORY examples/c/issuer.c target/factory/release/liboffline_reset.a -o issuer
//     head -c 32 /dev/urandom > root
//     ./issuer note root root-check
//     ./issuer make root SERIAL KEY-FILE FLASH-FILE
//     ./issuer answer root root-check 'what the person sent'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <offline_reset.h>

static int fail(const char *what)
{
    printf("%s\n", what);
    return EXIT_FAILURE;
}

static int read_file(const char *path, uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    int whole = file != NULL && fread(bytes, 1, size, file) == size;
    if (file != NULL) {
        fclose(file);
    }
    return whole;
}

static int write_file(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    int whole = file != NULL && fwrite(bytes, 1, size, file) == size;
    return file != NULL && fclose(file) == 0 && whole;
}

// The root's ceremony: its check value, for the protocol and for the desk.
static int note(const uint8_t root[ORP_KEY_BYTES], const char *check_file)
{
    uint8_t value[ORP_CHECK_SIZE];
    orp_status status = orp_root_check_value(root, 0, value);
    if (status != ORP_OK) {
        return fail(orp_strerror(status));
    }
    printf("Check value of the root: %02x%02x%02x%02x\n", value[0], value[1], value[2], value[3]);
    return write_file(check_file, value, sizeof value) ? EXIT_SUCCESS : fail("The file cannot be written.");
}

// At the desk's start: the right root is in its place (KEY-6), and its operators see which (DUTY-26). With an HSM: orp_root_check.
static int is_right_root(const uint8_t root[ORP_KEY_BYTES], const char *check_file)
{
    uint8_t value[ORP_CHECK_SIZE], noted[ORP_CHECK_SIZE];
    if (!read_file(check_file, noted, sizeof noted) || orp_root_check_value(root, 0, value) != ORP_OK) {
        return 0;
    }
    printf("Check value of the root: %02x%02x%02x%02x\n", value[0], value[1], value[2], value[3]);
    return memcmp(value, noted, sizeof value) == 0;
}

// The factory, once for a device: D with its check value, and the record for slot 0; slot 1 stays blank (DUTY-11).
static int make(const uint8_t root[ORP_KEY_BYTES], const char *serial, const char *key_file, const char *flash_file)
{
    uint8_t key[ORP_KEY_BYTES + ORP_CHECK_SIZE], slots[ORP_SLOTS_SIZE];
    memset(slots, 0xff, sizeof slots);
    orp_status status = orp_root_derive(root, serial, strlen(serial), key);
    if (status == ORP_OK) {
        status = orp_genesis(key, serial, strlen(serial), slots, key + ORP_KEY_BYTES);
    }
    if (status != ORP_OK) {
        return fail(orp_strerror(status));
    }
    int whole = write_file(key_file, key, sizeof key) && write_file(flash_file, slots, sizeof slots);
    memset(key, 0, sizeof key); // a product wipes with what its compiler keeps: explicit_bzero, memset_s
    return whole ? EXIT_SUCCESS : fail("The files cannot be written.");
}

// Read, or propose what was meant: a person compares that with the sender's screen, and sends it again.
static orp_status read_challenge(const char *sent, orp_received *received, orp_challenge *claims)
{
    uint32_t detail = 0;
    orp_corrections found;
    orp_status status = orp_read(sent, strlen(sent), received, claims, &detail);
    if (status == ORP_CHECK || status == ORP_LENGTH || status == ORP_ALPHABET) {
        if (orp_correct(sent, strlen(sent), &found, NULL) == ORP_OK) {
            for (uint32_t i = 0; i < found.count; i++) {
                printf("Is it %s ?\n", found.text[i]);
            }
        }
    }
    if (status == ORP_ALPHABET) {
        printf("Character %u:\n", (unsigned)detail + 1);
    }
    return status;
}

static int answer(const uint8_t root[ORP_KEY_BYTES], const char *sent)
{
    static orp_key key;
    uint8_t d[ORP_KEY_BYTES];
    orp_received received;
    orp_challenge claims;
    char code[ORP_CODE_SIZE];
    orp_status status = read_challenge(sent, &received, &claims);
    if (status != ORP_OK) {
        return fail(orp_strerror(status));
    }
    // Before the answer: quotas, the log, and whether this caller owns the device (SPEC.md section 12). What is asked for:
    printf("Device %s, %s, at the %s, %s\n", claims.serial,
           claims.purpose == ORP_ACCOUNT_PASSWORD ? "new password" : "pattern or factory reset",
           claims.origin == ORP_LOCAL ? "local screen" : "web page", claims.address_on_file ? "an address is on file" : "no address");
    status = orp_root_derive(root, claims.serial, strlen(claims.serial), d); // the HSM, by claims.epoch
    if (status == ORP_OK) {
        status = orp_key_take(&key, d);
    }
    if (status == ORP_OK) {
        status = orp_verify(&received, &key);
    }
    if (status == ORP_VERIFIED) {
        char address[ORP_ADDRESS_SIZE];
        size_t len;
        status = orp_secure_code(&received, &key, ORP_SECURE_CODE_24_H, address, sizeof address, &len, code);
        if (status == ORP_OK) {
            printf("Mail to %s and to no other: %s\n", address, code); // one recipient, as a parameter (DUTY-25)
        } else if (status == ORP_WRONG_KIND || status == ORP_NONE_ON_FILE) { // typed, or a QR without an address: by a person
            // how old it is the desk does not see: for one that is older the answer is ORP_DYNAMIC_PASSWORD_72_H
            status = orp_answer(&received, &key, ORP_DYNAMIC_PASSWORD_24_H, code);
            if (status == ORP_OK) {
                printf("Dynamic password, 24 hours: %s\n", code);
                puts("They count from when the screen first showed this. Has it expired? Have a new serial number made.");
            }
        }
        memset(code, 0, sizeof code);
    }
    orp_key_wipe(&key);
    return status == ORP_OK ? EXIT_SUCCESS : fail(orp_strerror(status));
}

int main(int argc, char **argv)
{
    uint8_t root[ORP_KEY_BYTES];
    int result = EXIT_FAILURE;
    if (argc < 4 || !read_file(argv[2], root, sizeof root)) {
        return fail("usage: issuer note ROOT CHECK-FILE\n       issuer make ROOT SERIAL KEY-FILE FLASH-FILE\n"
                    "       issuer answer ROOT CHECK-FILE 'what the person sent'");
    }
    if (strcmp(argv[1], "make") == 0 && argc == 6) {
        result = make(root, argv[3], argv[4], argv[5]);
    } else if (strcmp(argv[1], "note") == 0 && argc == 4) {
        result = note(root, argv[3]);
    } else if (strcmp(argv[1], "answer") == 0 && argc == 5) {
        result = is_right_root(root, argv[3]) ? answer(root, argv[4]) : fail("This is not the root whose check value was noted.");
    } else {
        fail("note, make or answer?");
    }
    memset(root, 0, sizeof root);
    return result;
}
