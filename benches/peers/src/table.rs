//! The table: what each row took.

use std::cmp::Ordering;

use crate::claims::Backend;
use crate::ours;
use crate::row::{BLOCK, Block, Key, Kind, Row, Stack};

/// One row's figures, per verification.
pub struct Measured {
    pub name: &'static str,
    pub kind: Kind,
    pub key: Key,
    note: &'static str,
    /// Nanoseconds, a figure for each round.
    times: Vec<f64>,
    /// Heap allocations; unknown in another process.
    pub heap: Option<f64>,
}

impl Measured {
    pub fn of(row: &Row, blocks: &[Block]) -> Self {
        let each = f64::from(BLOCK);
        let times = blocks.iter().map(|block| block.time.as_nanos() as f64 / each).collect();
        let heap = blocks.last().and_then(|block| block.allocations).map(|count| count as f64 / each);
        Self { name: row.name, kind: row.kind, key: row.key, note: row.note, times, heap }
    }

    fn median(&self) -> f64 {
        median(self.times.iter().copied())
    }

    /// This row's time over that one's: the median of the rounds' ratios, so that what slows or speeds a whole round counts for nothing.
    pub fn over(&self, that: &Self) -> f64 {
        median(self.times.iter().zip(&that.times).map(|(this, that)| this / that))
    }

    fn stack(&self) -> &'static str {
        match self.kind {
            Kind::Whole(Stack::Wiped) | Kind::Compare(Stack::Wiped) => "wiped",
            _ => "-",
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub fn print(rows: &[Measured], backend: Backend) {
    println!("\nVerifying one typed code, {backend}: ns, the median of interleaved rounds");
    section(rows, "text in, decision out", |kind| matches!(kind, Kind::Whole(_) | Kind::Otp | Kind::CountedOtp));
    section(rows, "a MAC and its comparison", |kind| matches!(kind, Kind::Compare(_) | Kind::Mac));
}

/// The rows of one job, ours first; the ratio is to ours as it ships.
fn section(rows: &[Measured], title: &str, is_in: impl Fn(Kind) -> bool) {
    let mut rows: Vec<_> = rows.iter().filter(|row| is_in(row.kind) && row.name != ours::PLANTED).collect();
    let is_ours = |row: &Measured| matches!(row.kind, Kind::Whole(_) | Kind::Compare(_));
    rows.sort_by(|a, b| is_ours(b).cmp(&is_ours(a)).then(if is_ours(a) { Ordering::Equal } else { a.median().total_cmp(&b.median()) }));
    let Some(&first) = rows.first() else { return };
    println!("\n{title:<27} {:>5} {:>5} {:>8} {:>6} {:>5}", "key", "stack", "ns", "ratio", "heap");
    for row in rows {
        let key = if row.key == Key::Kept { "kept" } else { "fresh" };
        let heap = row.heap.map_or("?".into(), |heap| format!("{heap:.0}"));
        let (ns, ratio) = (row.median(), row.over(first));
        println!("{:<27} {key:>5} {:>5} {ns:>8.1} {ratio:>6.2} {heap:>5}  {}", row.name, row.stack(), row.note);
    }
}
