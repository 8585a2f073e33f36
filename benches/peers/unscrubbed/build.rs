//! Sets the flag for this package alone.

fn main() {
    println!("cargo::rustc-cfg=offline_reset_unscrubbed");
    println!("cargo::rerun-if-changed=build.rs");
}
