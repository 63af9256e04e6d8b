/* Tells the thread sanitizer what Synchronization.Mutex does out of its sight: preloaded by Tests/run --sanitize.

   An uncontended Mutex is locked and unlocked by atomics in our own code, which the sanitizer sees. A contended one is
   locked and unlocked in libswiftSynchronization, which it doesn't: it then takes what the next owner does for a race.
   These two stand before the library's functions, call them, and report what they did. Nothing is suppressed. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

typedef SWIFT void lock_function(uint32_t thread, SELF handle);
typedef SWIFT void unlock_function(SELF handle);

/* Weak: the programs that start the tests are loaded with this as well, and have no sanitizer. */
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT void lock_slow(uint32_t thread, SELF handle) __asm__(LOCK);
SWIFT void unlock_slow(SELF handle) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF handle) {
    ((lock_function *)dlsym(RTLD_NEXT, LOCK))(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT void unlock_slow(SELF handle) {
    if (__tsan_release) __tsan_release(handle);
    ((unlock_function *)dlsym(RTLD_NEXT, UNLOCK))(handle);
}
