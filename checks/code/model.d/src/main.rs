//! `model SCENARIO` explores one and prints what it found; `model SCENARIO PROMISES` looks for a defect that breaks one of these.
mod scenario;
#[path = "../../../../fuzz/src/twin.rs"]
#[allow(dead_code, reason = "the fuzz targets use all of it")]
mod twin;
mod world;

use offline_reset as orp;

use crate::scenario::{Outcome, SCENARIOS, Scenario, explore};
use crate::world::{HAPPENINGS, PROMISES, SPENT};

fn scenario(name: &str) -> &'static Scenario {
    SCENARIOS.iter().find(|scenario| scenario.name == name).unwrap_or_else(|| panic!("no scenario {name}"))
}

fn figures(outcome: &Outcome) -> String {
    let Outcome { states, transitions, depth, seconds, .. } = outcome;
    format!("{states} states, {transitions} transitions, {depth} actions deep, {seconds:.1} s")
}

fn model(name: &str) -> bool {
    let scenario = scenario(name);
    let outcome = explore(scenario, if name == "without-lock" { SPENT } else { u32::MAX });
    let given = match scenario.first.len() {
        0 => String::new(),
        n => format!(", after {n} given ones"),
    };
    println!("{name}: {}{given}", figures(&outcome));
    let happened = HAPPENINGS.iter().zip(&outcome.happened).filter(|(_, n)| **n > 0);
    println!("  {}", happened.map(|(what, n)| format!("{what} {n}")).collect::<Vec<_>>().join(", "));
    let mut fine = true;
    for what in scenario.must.iter().filter(|what| !HAPPENINGS.iter().zip(&outcome.happened).any(|(name, n)| name == *what && *n > 0)) {
        println!("  never reached: {what}: the exploration does not show what it should");
        fine = false;
    }
    if name == "without-lock" {
        // DUTY-13 says what happens then; if it did not happen here, the model would not see it elsewhere
        let spent = PROMISES[SPENT.trailing_zeros() as usize];
        let [(promise, path)] = outcome.violated.as_slice() else { return false };
        println!("  not promised, and found: without the lock of DUTY-13 not '{promise}', after {path:?}");
        return fine && *promise == spent;
    }
    for (promise, path) in &outcome.violated {
        println!("  BROKEN: {promise}\n  after {path:?}");
    }
    fine && outcome.violated.is_empty()
}

fn planted(name: &str, promises: &str) -> bool {
    let promises = promises.split(',').fold(0, |mask, n| mask | 1 << n.parse::<u32>().unwrap());
    let outcome = explore(scenario(name), promises);
    for (promise, path) in &outcome.violated {
        println!("  breaks '{promise}' after {} actions, {}", path.len(), figures(&outcome));
    }
    if outcome.violated.is_empty() {
        println!("  breaks nothing, {} states, {} transitions", outcome.states, outcome.transitions);
    }
    !outcome.violated.is_empty()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let fine = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name] => model(name),
        [name, promises] => planted(name, promises),
        _ => panic!("model SCENARIO [PROMISES]"),
    };
    std::process::exit(i32::from(!fine));
}
