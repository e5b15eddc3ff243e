/* Loaded before libc into a program that looks for gamepads: /dev/input is the folder that
 * GAMEPADS_IN names, and each event<N> in it is a pipe that a test writes struct input_event to. It
 * answers the questions that the kernel's evdev answers for an Xbox 360 gamepad; all the rest, from
 * inotify to the mapping of buttons, is done by the program's own code. Only for tests.
 *
 *     cc -shared -fPIC -O1 -o input_shim.so input_shim.c -ldl
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define INPUT "/dev/input"
static char pads[1024]; /* 1 for each file descriptor of a gamepad */

static const char *there(const char *path, char *room, size_t size) {
  const char *folder = getenv("GAMEPADS_IN");
  if (!folder || !path || strncmp(path, INPUT, strlen(INPUT))) return path;
  const char *rest = path + strlen(INPUT);
  if (*rest && *rest != '/') return path;
  snprintf(room, size, "%s%s", folder, rest);
  return room;
}

static int opened(const char *path, const char *found, int fd) {
  if (fd >= 0 && fd < (int)sizeof pads) pads[fd] = found != path && strstr(path, "/event") != 0;
  return fd;
}

#define OPEN(name)                                                  \
  int name(const char *path, int flags, ...) {                      \
    static int (*real)(const char *, int, ...);                     \
    if (!real) real = dlsym(RTLD_NEXT, #name);                      \
    char room[512];                                                 \
    mode_t mode = 0;                                                \
    if (flags & (O_CREAT | O_TMPFILE)) {                            \
      va_list rest;                                                 \
      va_start(rest, flags);                                        \
      mode = va_arg(rest, mode_t);                                  \
      va_end(rest);                                                 \
    }                                                               \
    const char *found = there(path, room, sizeof room);             \
    return opened(path, found, real(found, flags, mode));           \
  }
OPEN(open)
OPEN(open64)

int access(const char *path, int mode) {
  static int (*real)(const char *, int);
  if (!real) real = dlsym(RTLD_NEXT, "access");
  char room[512];
  return real(there(path, room, sizeof room), mode);
}

DIR *opendir(const char *path) {
  static DIR *(*real)(const char *);
  if (!real) real = dlsym(RTLD_NEXT, "opendir");
  char room[512];
  return real(there(path, room, sizeof room));
}

int inotify_add_watch(int fd, const char *path, uint32_t mask) {
  static int (*real)(int, const char *, uint32_t);
  if (!real) real = dlsym(RTLD_NEXT, "inotify_add_watch");
  char room[512];
  return real(fd, there(path, room, sizeof room), mask);
}

static void set(unsigned char *bits, size_t size, const int *which, size_t count) {
  memset(bits, 0, size);
  for (size_t at = 0; at < count; at++)
    if ((size_t)which[at] / 8 < size) bits[which[at] / 8] |= 1 << (which[at] % 8);
}

static int answer(unsigned long request, void *into) {
  static const int kinds[] = {EV_SYN, EV_KEY, EV_ABS};
  static const int keys[] = {BTN_SOUTH, BTN_EAST,  BTN_NORTH, BTN_WEST,   BTN_TL,    BTN_TR,
                             BTN_SELECT, BTN_START, BTN_MODE,  BTN_THUMBL, BTN_THUMBR};
  static const int axes[] = {ABS_X, ABS_Y, ABS_Z, ABS_RX, ABS_RY, ABS_RZ, ABS_HAT0X, ABS_HAT0Y};
  size_t size = _IOC_SIZE(request);
  unsigned number = _IOC_NR(request);
  if (_IOC_TYPE(request) != 'E') return ENOTTY;
  if (number == _IOC_NR(EVIOCGNAME(0))) {
    snprintf(into, size, "Microsoft X-Box 360 pad");
    return 0;
  }
  if (number == _IOC_NR(EVIOCGID)) {
    struct input_id id = {BUS_USB, 0x045e, 0x028e, 0x0110};
    memcpy(into, &id, sizeof id);
    return 0;
  }
  if (number == 0x20) return set(into, size, kinds, 3), 0;
  if (number == 0x20 + EV_KEY) return set(into, size, keys, sizeof keys / sizeof *keys), 0;
  if (number == 0x20 + EV_ABS) return set(into, size, axes, sizeof axes / sizeof *axes), 0;
  if (number > 0x20 && number < 0x40) return memset(into, 0, size), 0;
  if (number == _IOC_NR(EVIOCGKEY(0))) return memset(into, 0, size), 0;
  if (number >= 0x40 && number < 0x40 + ABS_CNT) {
    struct input_absinfo *about = into;
    unsigned axis = number - 0x40;
    memset(about, 0, sizeof *about);
    about->minimum = axis >= ABS_HAT0X ? -1 : axis == ABS_Z || axis == ABS_RZ ? 0 : -32768;
    about->maximum = axis >= ABS_HAT0X ? 1 : axis == ABS_Z || axis == ABS_RZ ? 255 : 32767;
    return 0;
  }
  return EINVAL;
}

int ioctl(int fd, unsigned long request, ...) {
  static int (*real)(int, unsigned long, ...);
  if (!real) real = dlsym(RTLD_NEXT, "ioctl");
  va_list rest;
  va_start(rest, request);
  void *into = va_arg(rest, void *);
  va_end(rest);
  if (fd < 0 || fd >= (int)sizeof pads || !pads[fd]) return real(fd, request, into);
  int error = answer(request, into);
  unsigned number = _IOC_NR(request);
  if (!error && number == _IOC_NR(EVIOCGNAME(0))) return strlen(into) + 1;
  if (!error) return number >= 0x18 && number < 0x40 ? _IOC_SIZE(request) : 0; /* bytes copied */
  errno = error;
  return -1;
}
