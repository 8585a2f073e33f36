//! What `count` and `clock` left, as one table; and the times as ratios, measured here: row and floor in turn, for a neighbour on the same
//! processor may make one run of them twice as slow as the next. `-- --tsv` prints the same for checks/, without criterion's times.

mod fixture;
mod growth;
mod row;
mod rows;
mod wide;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use row::{Ready, Row};
use rows::{floor, rows};

/// Beside this executable: `target/release/deps/table-..`.
fn target() -> PathBuf {
    let executable = std::env::current_exe().expect("a path");
    executable.ancestors().nth(3).expect("target/PROFILE/deps").to_owned()
}

/// Instructions by `group/id`, from callgrind's files.
fn counts() -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let group = target().join("gungraun/offline-reset-benches/count/counted/operations");
    for directory in fs::read_dir(group).into_iter().flatten().flatten() {
        let name = directory.file_name().to_string_lossy().replacen('.', "/", 1);
        let file = directory.path().join(format!("callgrind.{}.out", directory.file_name().to_string_lossy()));
        let text = fs::read_to_string(file).unwrap_or_default();
        let summary = text.lines().find_map(|line| line.strip_prefix("summary: "));
        if let Some(Ok(count)) = summary.and_then(|line| line.split(' ').next()).map(str::parse) {
            counts.insert(name, count);
        }
    }
    counts
}

/// Criterion's median, in nanoseconds.
fn nanoseconds(group: &str, id: &str) -> Option<f64> {
    let file = Path::new("criterion").join(group).join(id).join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_str(&fs::read_to_string(target().join(file)).ok()?).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

/// Waits for what has begun: a device verifies one code, and the processor is not to work at two calls at a time.
fn end_of_call() {
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_lfence();
    }
}

/// Seconds of a few calls, their inputs made before.
fn run(ready: impl Fn() -> Ready) -> f64 {
    let mut calls: Vec<Ready> = (0..16).map(|_| ready()).collect();
    let start = Instant::now();
    for call in &mut calls {
        call();
        end_of_call();
    }
    start.elapsed().as_secs_f64()
}

/// The median of the ratios of neighbouring runs, a call of nothing taken off both.
fn time_ratio(row: &Row) -> f64 {
    let nothing = || (row::STATED.ready)();
    let mut ratios: Vec<f64> = (0..1001)
        .map(|_| {
            let empty = run(nothing);
            (run(row.ready) - empty) / (run(|| floor(row.compressions)) - empty)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

struct Line {
    row: &'static Row,
    /// As it ships.
    instructions: Option<u64>,
    without_wiping: Option<u64>,
    floor: Option<u64>,
    time: Option<f64>,
}

impl Line {
    fn new(row: &'static Row, counts: &BTreeMap<String, u64>, timed: bool) -> Self {
        let instructions = counts.get(row.name).copied();
        let wiping = counts.get("wipe/stack").copied().filter(|_| row.name != "wipe/stack").unwrap_or_default();
        Self {
            row,
            instructions,
            without_wiping: instructions.map(|count| count.saturating_sub(u64::from(row.wipings) * wiping)),
            floor: counts.get(&format!("floor/compressions_{}", row.floor())).copied(),
            time: (timed && row.time.is_some()).then(|| time_ratio(row)),
        }
    }

    fn ratio(&self) -> Option<f64> {
        Some(self.without_wiping? as f64 / self.floor? as f64)
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or("-".to_owned(), |value| value.to_string())
}

fn decimals(value: Option<f64>, places: usize) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.places$}"))
}

fn main() {
    let counts = counts();
    let asked = |option: &str| std::env::args().any(|argument| argument == option);
    let lines: Vec<_> = rows().map(|row| Line::new(row, &counts, !asked("--no-time"))).collect();
    if asked("--tsv") {
        println!("name\tinstructions\twithout wiping\tfloor\tratio\tbar\ttime\ttime bar");
        for line in &lines {
            let (ratio, time) = (decimals(line.ratio(), 4), decimals(line.time, 3));
            let fields = [text(line.instructions), text(line.without_wiping), text(line.floor), ratio, text(line.row.instructions), time];
            println!("{}\t{}\t{}", line.row.name, fields.join("\t"), text(line.row.time));
        }
        for series in growth::FLAT {
            println!("flat\t{}", series.join("\t"));
        }
        return;
    }
    println!(
        "Instructions: SHA-256 in software, as valgrind counts them; the ratio is without the wiping of the stack, to so many compressions."
    );
    println!("Nanoseconds: this processor's backend, criterion's median; the ratio is to the same floor, in turn, with the wiping.\n");
    let heads = ["", "compressions", "instructions", "ratio", "bar", "ns", "floor", "ratio"];
    println!(
        "{:34}{:>13}{:>13}{:>8}{:>7}{:>13}{:>10}{:>8}",
        heads[0], heads[1], heads[2], heads[3], heads[4], heads[5], heads[6], heads[7]
    );
    for line in lines.iter().filter(|line| !line.row.name.starts_with("planted/")) {
        let (group, id) = line.row.name.split_once('/').unwrap_or_default();
        println!(
            "{:34}{:>13}{:>13}{:>8}{:>7}{:>13}{:>10}{:>8}",
            line.row.name,
            line.row.compressions,
            text(line.instructions),
            decimals(line.ratio().filter(|_| line.row.compressions > 0 || line.row.instructions.is_some()), 3),
            decimals(line.row.instructions, 2),
            decimals(nanoseconds(group, id), 0),
            decimals(nanoseconds(group, &format!("floor_{}", line.row.floor())), 0),
            decimals(line.time, 3),
        );
    }
}
