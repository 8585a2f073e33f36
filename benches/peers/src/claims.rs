//! Who is ahead of whom. Only ratios within this run.

use std::fmt;

use crate::ours::{OURS, PLANTED};
use crate::row::{Key, Kind, Stack};
use crate::table::Measured;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sha,
    Soft,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Sha { "with SHA instructions" } else { "without SHA instructions" })
    }
}

#[derive(Clone, Copy)]
enum Peers {
    Otp,
    CountedOtp,
    Mac(Key),
}

impl Peers {
    fn has(self, row: &Measured) -> bool {
        match self {
            Self::Otp => row.kind == Kind::Otp,
            Self::CountedOtp => row.kind == Kind::CountedOtp,
            Self::Mac(key) => row.kind == Kind::Mac && row.key == key,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Otp => "OTP libraries",
            Self::CountedOtp => "OTP library with a sealed count",
            Self::Mac(Key::Fresh) => "bare MACs with a fresh key",
            Self::Mac(Key::Kept) => "bare MACs with the key kept",
        }
    }
}

/// Ours, the peers, and the backends on which ours has to be ahead of each of them. Elsewhere the standing is said, no more: README.md
/// has why.
const CLAIMS: [(Kind, Peers, &[Backend]); 10] = {
    use Backend::{Sha, Soft};
    use Kind::{Compare, Whole};
    use Stack::{Left, Wiped};
    [
        (Compare(Wiped), Peers::Otp, &[Sha, Soft]),
        (Compare(Wiped), Peers::Mac(Key::Fresh), &[Sha, Soft]),
        (Compare(Wiped), Peers::Mac(Key::Kept), &[]),
        (Compare(Left), Peers::Otp, &[Sha, Soft]),
        (Compare(Left), Peers::Mac(Key::Fresh), &[Sha, Soft]),
        (Compare(Left), Peers::Mac(Key::Kept), &[]),
        (Whole(Wiped), Peers::CountedOtp, &[Soft]),
        (Whole(Wiped), Peers::Otp, &[]),
        (Whole(Left), Peers::CountedOtp, &[Soft]),
        (Whole(Left), Peers::Otp, &[]),
    ]
};

const fn name(ours: Kind) -> &'static str {
    match ours {
        Kind::Compare(Stack::Wiped) => "compare",
        Kind::Compare(Stack::Left) => "compare, stack not wiped",
        Kind::Whole(Stack::Wiped) => "the whole verification",
        Kind::Whole(Stack::Left) => "the whole verification, stack not wiped",
        Kind::Otp | Kind::CountedOtp | Kind::Mac => "",
    }
}

/// Whether the row `row_name` of `ours` is ahead of all of `peers`, and in words.
fn standing(rows: &[Measured], row_name: &str, ours: Kind, peers: Peers) -> (bool, String) {
    let Some(ours) = rows.iter().find(|row| row.kind == ours && row.name == row_name) else { return (false, "not measured".into()) };
    let mut all: Vec<_> = rows.iter().filter(|row| peers.has(row)).map(|row| (row.over(ours), row.name)).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let behind: Vec<_> = all.iter().filter(|(ratio, _)| *ratio <= 1.0).map(|(ratio, name)| format!("{name} {ratio:.2}")).collect();
    let words = match all.first() {
        Some((ratio, nearest)) if behind.is_empty() => format!("ahead of {0} of {0}, nearest {nearest} {ratio:.2}", all.len()),
        _ => format!("ahead of {} of {}, behind {}", all.len() - behind.len(), all.len(), behind.join(", ")),
    };
    (behind.is_empty() && !all.is_empty(), words)
}

/// Rows of ours that allocate.
fn allocating(rows: &[Measured], planted: bool) -> usize {
    let ours = |row: &&Measured| matches!(row.kind, Kind::Whole(_) | Kind::Compare(_)) && (row.name == PLANTED) == planted;
    rows.iter().filter(ours).filter(|row| row.heap != Some(0.0)).count()
}

/// Prints who is ahead of whom, the gated claims marked, and whether those hold. With `check` what is planted has to be found as well.
pub fn print(rows: &[Measured], backend: Backend, check: bool) -> bool {
    println!("\nWho is ahead; a figure is the peer's time over ours; * is gated");
    let (mut gated, mut held, mut found) = (0, 0, 0);
    for (ours, peers, gates) in CLAIMS {
        let (ahead, words) = standing(rows, OURS, ours, peers);
        let is_gate = gates.contains(&backend);
        println!("{} {} against {}: {words}", if is_gate { '*' } else { ' ' }, name(ours), peers.name());
        if is_gate {
            gated += 1;
            held += usize::from(ahead);
            found += usize::from(!standing(rows, PLANTED, ours, peers).0);
        }
    }
    let ours_allocate = allocating(rows, false);
    println!("* rows of ours that allocate: {ours_allocate}");
    println!("{backend}: {held} of {gated} gated claims hold");
    if !check {
        return held == gated && ours_allocate == 0;
    }
    let planted_allocations = allocating(rows, true);
    println!("planted slow twins: {gated}, found: {found}; planted allocations: 2, found: {planted_allocations}");
    held == gated && ours_allocate == 0 && found == gated && planted_allocations == 2
}
