/* The answer to a challenge, by what is installed: 0 if the header is the library's and the code is right. */
#include <offline_reset.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    static const uint8_t root[ORP_KEY_BYTES] = {
        0xaf, 0xa2, 0x2c, 0xc3, 0xd6, 0x57, 0x92, 0x5b, 0x40, 0x45, 0x5d, 0x53, 0xa2, 0x02, 0xa1, 0xe1,
        0x68, 0x5b, 0x50, 0x45, 0x2b, 0xbb, 0x41, 0xfd, 0xcb, 0x06, 0x5c, 0x78, 0x44, 0x6b, 0xf0, 0x1c,
    };
    static const char sent[] = "4H0583BPAG12345-80JM5-4YRWN-DBZZC-CYQF5";
    uint8_t d[ORP_KEY_BYTES];
    char code[ORP_CODE_SIZE];
    orp_key key;
    orp_received received;
    orp_challenge claim;

    if (orp_abi() != ORP_ABI || orp_key_size() != sizeof key || orp_received_size() != sizeof received) {
        return 1;
    }
    if (orp_read(sent, sizeof sent - 1, &received, &claim, NULL) != ORP_OK ||
        orp_root_derive(root, claim.serial, strlen(claim.serial), d) != ORP_OK) {
        return 2;
    }
    if (orp_key_take(&key, d) != ORP_OK || orp_answer(&received, &key, ORP_DYNAMIC_PASSWORD_10_MIN, code) != ORP_OK) {
        return 3;
    }
    orp_key_wipe(&key);
    printf("%s %s\n", orp_version(), code);
    return strcmp(code, "1929-4926-8276") != 0;
}
