# Runs the commands of capi/packaging/buildroot without Buildroot: what its infrastructure defines is set to the host's, and its macro to
# nothing. PACKAGE: the directory; REPOSITORY: the sources; WHERE: staging/ and target/ are made there.
BR2_SHARED_STATIC_LIBS := y
PKG_CARGO_ENV = CARGO_BUILD_TARGET=$(RUST_TARGET)
STAGING_DIR = $(WHERE)/staging
TARGET_DIR = $(WHERE)/target

all: $(REPOSITORY)/.run

include $(PACKAGE)/offline-reset.mk

.PHONY: $(REPOSITORY)/.run
$(REPOSITORY)/.run:
	$(OFFLINE_RESET_BUILD_CMDS)
	$(OFFLINE_RESET_INSTALL_STAGING_CMDS)
	$(OFFLINE_RESET_INSTALL_TARGET_CMDS)
