//! The memory of the machine that a target stands for.

use std::{env, fs, path::PathBuf};

fn main() {
    let target = env::var("TARGET").expect("cargo sets it");
    // a micro:bit; and qemu's mps2-an386, of whose 4 MiB each so much is used
    let (flash, ram) = if target.starts_with("thumbv6m") { (256, 16) } else { (1024, 64) };
    let memory =
        format!("MEMORY\n{{\n  FLASH : ORIGIN = 0x00000000, LENGTH = {flash}K\n  RAM : ORIGIN = 0x20000000, LENGTH = {ram}K\n}}\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("memory.x"), memory).expect("OUT_DIR can be written");
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rerun-if-changed=build.rs");
}
