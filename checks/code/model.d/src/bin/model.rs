//! The crate as it is.
#[path = "../main.rs"]
mod run;
#[path = "../scenario.rs"]
mod scenario;
#[path = "../../../../../fuzz/src/twin.rs"]
#[allow(dead_code, reason = "the fuzz targets use all of it")]
mod twin;
#[path = "../world.rs"]
mod world;

use offline_reset as orp;

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    run::exit(run::model(&name))
}
