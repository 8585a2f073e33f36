// The vendor's side: the factory, and the desk that answers. The root key is a file here; yours is in an HSM or a KMS, which is given
// orp_root_message() and gives the 32 bytes of D.
//
// From the repository's root, in a target directory of its own:
//
//     cargo build --release --locked -p offline-reset-capi --features factory --target-dir target/factory
//     cc -std=c99 -Icapi/include -DORP_FACTORY examples/c/issuer.c target/factory/release/liboffline_reset.a -o issuer
//     head -c 32 /dev/urandom > root
//     ./issuer make root SERIAL KEY-FILE FLASH-FILE
//     ./issuer answer root 'what the person sent'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <offline_reset.h>

static int fail(const char *what)
{
    printf("%s\n", what);
    return EXIT_FAILURE;
}

static int read_root(const char *path, uint8_t root[ORP_KEY_BYTES])
{
    FILE *file = fopen(path, "rb");
    int whole = file != NULL && fread(root, 1, ORP_KEY_BYTES, file) == ORP_KEY_BYTES;
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

// The factory, once for a device: D, and the record for slot 0; slot 1 stays blank (DUTY-11).
static int make(const uint8_t root[ORP_KEY_BYTES], const char *serial, const char *key_file, const char *flash_file)
{
    uint8_t d[ORP_KEY_BYTES], slots[ORP_SLOTS_SIZE];
    memset(slots, 0xff, sizeof slots);
    orp_status status = orp_root_derive(root, serial, strlen(serial), d);
    if (status == ORP_OK) {
        status = orp_genesis(d, slots);
    }
    if (status != ORP_OK) {
        return fail(orp_strerror(status));
    }
    int whole = write_file(key_file, d, sizeof d) && write_file(flash_file, slots, sizeof slots);
    memset(d, 0, sizeof d); // a product wipes with what its compiler keeps: explicit_bzero, memset_s
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
            printf("Mail to %s and to no other: %s\n", address, code);
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
    if (argc < 4 || !read_root(argv[2], root)) {
        return fail("usage: issuer make ROOT SERIAL KEY-FILE FLASH-FILE\n       issuer answer ROOT 'what the person sent'");
    }
    if (strcmp(argv[1], "make") == 0 && argc == 6) {
        result = make(root, argv[3], argv[4], argv[5]);
    } else if (strcmp(argv[1], "answer") == 0 && argc == 4) {
        result = answer(root, argv[3]);
    } else {
        fail("make or answer?");
    }
    memset(root, 0, sizeof root);
    return result;
}
