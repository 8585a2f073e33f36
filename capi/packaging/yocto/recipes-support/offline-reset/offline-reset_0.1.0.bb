SUMMARY = "C library to reset the password of a device that has no internet"
DESCRIPTION = "The device shows a challenge, the vendor's desk answers it with twelve digits, the device checks them alone and counts \
               every wrong guess. Firmware links this library through one header, offline_reset.h."
HOMEPAGE = "https://${OFFLINE_RESET_GIT}"
SECTION = "libs"
LICENSE = "MIT | Apache-2.0"
LIC_FILES_CHKSUM = "file://LICENSE-MIT;md5=9fa45eeb818dd0d43b7a7d03f8e550b6 \
                    file://LICENSE-APACHE;md5=a02fef6dccf840318474c108a8281b77 \
                    "

# Where you keep the source. Set SRCREV as well, to the commit that you have reviewed: nothing is built without it.
OFFLINE_RESET_GIT ?= "git.example.com/offline-reset.git"
SRC_URI = "git://${OFFLINE_RESET_GIT};protocol=https;branch=main"

CVE_PRODUCT = "offline-reset"

require ${BPN}-crates.inc

inherit cargo

# capi/Makefile calls cargo with the SONAME, and takes prefix, libdir and includedir from the environment.
export RUSTFLAGS
export CARGO_BUILD_TARGET = "${RUST_HOST_SYS}"
export CARGO_TARGET_DIR = "${B}/target"
EXTRA_OEMAKE = "-C ${S}/capi CARGO_FLAGS=--frozen"

do_compile() {
    oe_runmake all
}

do_install() {
    oe_runmake install DESTDIR=${D}
}

BBCLASSEXTEND = "native nativesdk"
