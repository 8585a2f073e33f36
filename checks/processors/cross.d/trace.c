/* What each operation of the probe does under qemu: how many instructions, a hash of their addresses and of the addresses that they read
 * and write, and how many are divisions. An operation lies between two instructions that do nothing and that no compiler makes
 * (probe/src/stack.rs). Debian ships no header of qemu's plugin interface, version 1: what of it is used is declared here. */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_R = 1, QEMU_PLUGIN_MEM_W, QEMU_PLUGIN_MEM_RW };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, void (*call)(qemu_plugin_id_t id, struct qemu_plugin_tb *block));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t at);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *instruction);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *instruction, void (*call)(unsigned cpu, void *data),
                                            enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *instruction,
                                      void (*call)(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data),
                                      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw which, void *data);

EXPORT int qemu_plugin_version = 1;

static bool on;
static uint64_t instructions, divisions, hash;

static void fold(uint64_t value)
{
    /* FNV-1a, by words */
    hash = (hash ^ value) * UINT64_C(0x100000001b3);
    hash ^= hash >> 29;
}

static void begins(unsigned cpu, void *data)
{
    (void)cpu;
    (void)data;
    on = true;
    instructions = divisions = hash = 0;
}

static void ends(unsigned cpu, void *data)
{
    (void)cpu;
    (void)data;
    on = false;
    fprintf(stderr, "%" PRIu64 " instructions, %" PRIu64 " divisions, path %016" PRIx64 "\n", instructions, divisions, hash);
}

static void executed(unsigned cpu, void *address)
{
    (void)cpu;
    if (on) {
        instructions++;
        fold((uintptr_t)address);
    }
}

static void divided(unsigned cpu, void *data)
{
    (void)cpu;
    (void)data;
    divisions += on;
}

static void accessed(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    (void)cpu;
    (void)info;
    (void)data;
    if (on) {
        fold(~address);
    }
}

/* sdiv and udiv, of AArch64, ARM and Thumb */
static bool divides(uint32_t word, size_t size)
{
    uint32_t thumb = word << 16 | word >> 16;
    return size == 4 && ((word & 0x7fe0f800) == 0x1ac00800 || (word & 0x0fd0f0f0) == 0x0710f010 || (thumb & 0xffd0f0f0) == 0xfb90f0f0);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        size_t size = qemu_plugin_insn_size(instruction);
        uint32_t word = 0;
        memcpy(&word, qemu_plugin_insn_data(instruction), size < 4 ? size : 4);
        /* mov r11, r11 and mov r10, r10; on AArch64 mov x27, x27 and mov x26, x26 */
        if (size == 2 ? word == 0x46db : word == 0xe1a0b00b || word == 0xaa1b03fb) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, begins, QEMU_PLUGIN_CB_NO_REGS, NULL);
            continue;
        }
        if (size == 2 ? word == 0x46d2 : word == 0xe1a0a00a || word == 0xaa1a03fa) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, ends, QEMU_PLUGIN_CB_NO_REGS, NULL);
            continue;
        }
        void *address = (void *)(uintptr_t)qemu_plugin_insn_vaddr(instruction);
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, QEMU_PLUGIN_CB_NO_REGS, address);
        if (divides(word, size)) {
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, divided, QEMU_PLUGIN_CB_NO_REGS, NULL);
        }
        qemu_plugin_register_vcpu_mem_cb(instruction, accessed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
    }
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int count, char **words)
{
    (void)info;
    (void)count;
    (void)words;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
