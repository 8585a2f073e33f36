//! Instructions, counted by valgrind through gungraun: `target/gungraun`. On x86 valgrind has no SHA instructions, so this is the software.

mod fixture;
mod growth;
mod row;
mod rows;
mod wide;

use std::process::{Command, Stdio};

mod counted {
    use gungraun::{library_benchmark, library_benchmark_group};

    use crate::row::Ready;
    use crate::rows::{self, rows};

    fn row(name: &str) -> Ready {
        let row = rows().find(|row| row.name == name).unwrap_or_else(|| panic!("no row {name}"));
        (row.ready)()
    }

    /// `group [id "group/id", ..]`: a row each, named as in `rows`.
    macro_rules! count {
        ($($group:ident [$($id:ident $ready:expr),+ $(,)?])+) => {
            $(
                #[library_benchmark]
                $(#[bench::$id($ready)])+
                fn $group(mut ready: Ready) -> Ready {
                    ready();
                    ready
                }
            )+
            library_benchmark_group!(name = operations, benchmarks = [$($group),+]);
        };
    }

    count! {
        floor [
            compressions_1 rows::floor(1), compressions_2 rows::floor(2), compressions_4 rows::floor(4),
            compressions_6 rows::floor(6), compressions_8 rows::floor(8), compressions_22 rows::floor(22),
        ]
        compare [wrong row("compare/wrong")]
        verify [
            wrong row("verify/wrong"), right row("verify/right"),
            wrong_key_loaded row("verify/wrong_key_loaded"), right_key_loaded row("verify/right_key_loaded"),
        ]
        issue [software_root row("issue/software_root"), hsm row("issue/hsm")]
        provision [device_key row("provision/device_key")]
        wipe [stack row("wipe/stack")]
        read [challenge row("read/challenge"), mistyped row("read/mistyped")]
        qr [payload_32 row("qr/payload_32"), payload_255 row("qr/payload_255")]
        corrections [
            none_needed row("corrections/none_needed"), one_unreadable row("corrections/one_unreadable"),
            two_wrong row("corrections/two_wrong"), one_lost row("corrections/one_lost"),
            four_unreadable row("corrections/four_unreadable"),
        ]
        pasted [
            challenge_39 row("pasted/challenge_39"), challenge_128 row("pasted/challenge_128"),
            challenge_256 row("pasted/challenge_256"), challenge_257 row("pasted/challenge_257"),
            challenge_65536 row("pasted/challenge_65536"), challenge_1048576 row("pasted/challenge_1048576"),
            correction_257 row("pasted/correction_257"), correction_1048576 row("pasted/correction_1048576"),
            code_129 row("pasted/code_129"), code_1048576 row("pasted/code_1048576"),
            qr_641 row("pasted/qr_641"), qr_1048576 row("pasted/qr_1048576"),
            received_641 row("pasted/received_641"), received_1048576 row("pasted/received_1048576"),
            received_url_641 row("pasted/received_url_641"), received_url_1048576 row("pasted/received_url_1048576"),
        ]
        fleet [
            issue_1 row("fleet/issue_1"), issue_1000 row("fleet/issue_1000"), issue_10000000 row("fleet/issue_10000000"),
        ]
        sessions [
            verify_1 row("sessions/verify_1"), verify_100 row("sessions/verify_100"), verify_1000 row("sessions/verify_1000"),
        ]
        planted [
            compare_with_a_fresh_key row("planted/compare_with_a_fresh_key"),
            whole_paste_257 row("planted/whole_paste_257"), whole_paste_65536 row("planted/whole_paste_65536"),
        ]
    }
    gungraun::main!(library_benchmark_groups = operations);

    pub fn run() {
        main();
    }
}

fn is_there(tool: &str) -> bool {
    Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn main() {
    let inside_valgrind = std::env::args().any(|argument| argument == "--gungraun-run");
    if inside_valgrind {
        counted::run();
    } else if !is_there("valgrind") {
        println!("no instructions are counted: valgrind is missing (apt-get install valgrind)");
    } else if !is_there("gungraun-runner") {
        println!("no instructions are counted: gungraun-runner is missing (cargo install --locked --version 0.20.0 gungraun-runner)");
    } else {
        counted::run();
    }
}
