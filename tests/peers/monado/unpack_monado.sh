#!/usr/bin/env bash
# unpack_monado.sh FOLDER: Monado (an OpenXR runtime) out of Debian trixie's packages, into FOLDER.
#
# Nothing of the system changes: the packages come from the archive that this machine already uses,
# are checked with its own Debian keys, and are unpacked, not installed. What runs with them runs
# through FOLDER/run, which takes trixie's C library along.
set -euo pipefail

folder=$(realpath -m "${1:?usage: unpack_monado.sh FOLDER}")
finished="$folder/finished-2"
[ -e "$finished" ] && exit 0

machine=$(uname -m)
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ "$machine" = x86_64 ] || { echo "Monado's packages are unpacked on x86_64 only, not on $machine" >&2; exit 1; }
for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: this recipe needs Debian" >&2; exit 1; }
done
[ -e "$keys" ] || { echo "$keys is missing: apt-get install debian-archive-keyring" >&2; exit 1; }

archive() {
  apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "bookworm" || $1 == "trixie" { print $2; exit }'
}
if [ -z "$(archive)" ] || ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
  apt-get -qq update
fi
uri=$(archive)
[ -n "$uri" ] || { echo "apt knows no Debian archive: add one to its sources, then apt-get update" >&2; exit 1; }

# Two runs at once must not unpack over each other.
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
[ -e "$finished" ] && exit 0
rm -rf "${folder:?}/"{state,cache,etc,root}
mkdir -p "$folder"/{state/lists/partial,cache/archives/partial,etc/sources.list.d,root}
: >"$folder/state/status"
echo "deb [signed-by=$keys] $uri trixie main" >"$folder/etc/sources.list"
cat >"$folder/apt.conf" <<CONF
Dir::State "$folder/state";
Dir::State::status "$folder/state/status";
Dir::Cache "$folder/cache";
Dir::Etc::sourcelist "$folder/etc/sources.list";
Dir::Etc::sourceparts "$folder/etc/sources.list.d";
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Binary::apt-get::APT::Keep-Downloaded-Packages "true";
CONF

wanted=(monado-service libopenxr1-monado mesa-vulkan-drivers libegl1 libegl-mesa0 libgl1 libglx-mesa0)
for attempt in 1 2 3; do
  if APT_CONFIG="$folder/apt.conf" apt-get -qq update &&
     APT_CONFIG="$folder/apt.conf" apt-get -qq -y --download-only install "${wanted[@]}" >/dev/null; then
    break
  fi
  [ "$attempt" -lt 3 ] || { echo "trixie's packages could not be fetched" >&2; exit 1; }
  sleep 2
done
for package in "$folder"/cache/archives/*.deb; do
  dpkg-deb -x "$package" "$folder/root"
done
rm -rf "$folder/cache"

libraries=$folder/root/usr/lib/x86_64-linux-gnu
printf '{"file_format_version": "1.0.0", "runtime": {"name": "Monado", "library_path": "%s"}}\n' \
  "$libraries/libopenxr_monado.so" >"$folder/openxr_monado.json"
cat >"$folder/run" <<RUN
#!/usr/bin/env bash
# run PROGRAM [ARGUMENTS]: an ELF program with trixie's C library, Mesa and OpenXR runtime.
export XR_RUNTIME_JSON=$folder/openxr_monado.json
export VK_DRIVER_FILES=$folder/root/usr/share/vulkan/icd.d/lvp_icd.json
export VK_ICD_FILENAMES=\$VK_DRIVER_FILES
export __EGL_VENDOR_LIBRARY_DIRS=$folder/root/usr/share/glvnd/egl_vendor.d
export LIBGL_DRIVERS_PATH=$libraries/dri
program=\$(command -v "\$1")
exec $folder/root/usr/lib64/ld-linux-x86-64.so.2 \\
  --library-path $libraries:$libraries/blas:$libraries/lapack:$libraries/pulseaudio:$folder/root/usr/lib:/usr/lib/x86_64-linux-gnu \\
  --argv0 "\$program" "\$(readlink -f "\$program")" "\${@:2}"
RUN
chmod +x "$folder/run"
touch "$finished"
