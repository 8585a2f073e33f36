// What the tests share: a count of what failed, and the two slots in memory.
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include <offline_reset.h>

#ifdef WITH_VALGRIND
#include <valgrind/memcheck.h>
#endif

static int failures;

// Says where, and goes on: one run shows everything.
#define CHECK(what) ((what) ? (void)0 : (void)(failures++, printf("%s:%d: %s\n", __FILE__, __LINE__, #what)))

// The status of a call has to be this one.
#define EXPECT(call, status) check_status((call), (status), __FILE__, __LINE__, #call)

static inline void check_status(int32_t got, int32_t wanted, const char *file, int line, const char *call)
{
    if (got != wanted) {
        failures++;
        printf("%s:%d: %s is %d (%s), not %d (%s)\n", file, line, call, (int)got, orp_strerror(got), (int)wanted, orp_strerror(wanted));
    }
}

// Whether an opaque struct has not changed. There is padding in it that nobody has written.
static inline int is_unchanged(const void *was, const void *now, size_t size)
{
#ifdef WITH_VALGRIND
    (void)VALGRIND_MAKE_MEM_DEFINED(was, size);
    (void)VALGRIND_MAKE_MEM_DEFINED(now, size);
#endif
    return memcmp(was, now, size) == 0;
}

static inline void store(uint8_t slots[ORP_SLOTS_SIZE], const orp_record *record)
{
    memcpy(slots + record->slot * ORP_RECORD_SIZE, record->bytes, ORP_RECORD_SIZE);
}

#endif
