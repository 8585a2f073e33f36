//! The crate with a defect.
#[path = "../main.rs"]
mod run;
#[path = "../scenario.rs"]
mod scenario;
#[path = "../../../../../fuzz/src/twin.rs"]
#[allow(dead_code, reason = "the fuzz targets use all of it")]
mod twin;
#[path = "../world.rs"]
mod world;

use offline_reset_planted as orp;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    orp::PLANTED.store(arguments[1].parse().unwrap(), core::sync::atomic::Ordering::Relaxed);
    run::exit(run::planted(&arguments[2], &arguments[3]))
}
