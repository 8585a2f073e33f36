//! Every test vector without an allocator: a table made from vectors/*.json lies beside the program, in parts where it is larger than the
//! flash (`VECTORS_PART=2 cargo build ..`). The same tests as tests/vectors/, which reads the JSON itself. A test that fails panics.
#![no_std]

mod session;
mod table;
mod tests;

use table::Table;

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/table.bin"));

/// Which part of the table this is, and how many tests there are in all.
pub const OF: &str = env!("VECTORS_OF");

/// The table's size, in bytes.
pub const SIZE: usize = TABLE.len();

/// Runs them all, and tells of each before it begins: its kind, as numbered in build.rs, and its tcId. How many there were.
pub fn run(doing: impl Fn(u8, u64)) -> u32 {
    let mut table = Table(TABLE);
    let mut tests = 0;
    while !table.0.is_empty() {
        let (kind, id) = (table.byte(), table.number());
        doing(kind, id);
        let error = table.error();
        tests::KINDS[usize::from(kind)](&mut table, error);
        tests += 1;
    }
    tests
}
