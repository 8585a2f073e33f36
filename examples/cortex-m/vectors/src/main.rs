//! Every test vector on a microcontroller.
#![no_std]
#![no_main]

use board::print;

#[cortex_m_rt::entry]
fn main() -> ! {
    let tests = vectors::run(board::doing);
    print!("{} tests passed; {} bytes, {}\n", tests, vectors::SIZE, vectors::OF);
    print!("stack used at most {} bytes, {} were left\n", board::stack_used(), board::stack_left());
    board::exit(tests > 0 && board::stack_left() > 0)
}
