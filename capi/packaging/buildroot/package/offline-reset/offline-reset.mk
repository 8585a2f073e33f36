################################################################################
#
# offline-reset
#
################################################################################

# where you keep the source, and the commit or tag that you have reviewed
OFFLINE_RESET_VERSION = v0.1.0
OFFLINE_RESET_SITE = https://git.example.com/offline-reset.git
OFFLINE_RESET_SITE_METHOD = git
OFFLINE_RESET_LICENSE = MIT or Apache-2.0
OFFLINE_RESET_LICENSE_FILES = LICENSE-MIT LICENSE-APACHE
OFFLINE_RESET_INSTALL_STAGING = YES

# Rust's targets for musl make no shared libraries
OFFLINE_RESET_LIBRARIES = \
	$(if $(BR2_STATIC_LIBS)$(BR2_TOOLCHAIN_USES_MUSL),,shared) \
	$(if $(BR2_SHARED_LIBS),,static)

# capi/Makefile calls cargo with the SONAME
OFFLINE_RESET_MAKE = \
	$(TARGET_MAKE_ENV) $(PKG_CARGO_ENV) $(MAKE) -C $(@D)/capi prefix=/usr \
	LIBRARIES="$(strip $(OFFLINE_RESET_LIBRARIES))" CARGO_FLAGS=--offline

define OFFLINE_RESET_BUILD_CMDS
	$(OFFLINE_RESET_MAKE) all
endef

define OFFLINE_RESET_INSTALL_STAGING_CMDS
	$(OFFLINE_RESET_MAKE) install DESTDIR=$(STAGING_DIR)
endef

define OFFLINE_RESET_INSTALL_TARGET_CMDS
	$(OFFLINE_RESET_MAKE) install DESTDIR=$(TARGET_DIR)
endef

$(eval $(cargo-package))
