//! Time, by criterion: `target/criterion/report/index.html`. Each group has its floors beside it.

mod fixture;
mod growth;
mod row;
mod rows;
mod wide;

use std::collections::BTreeSet;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};

use rows::{floor, rows};

/// Growth is counted, not timed.
fn is_timed(group: &str) -> bool {
    !["pasted", "fleet", "sessions", "planted"].contains(&group)
}

fn operations(criterion: &mut Criterion) {
    let groups: BTreeSet<_> = rows().filter_map(|row| row.name.split_once('/')).map(|(group, _)| group).collect();
    for name in groups.into_iter().filter(|name| is_timed(name)) {
        let mut group = criterion.benchmark_group(name);
        let rows = || rows().filter_map(|row| Some((row, row.name.strip_prefix(name)?.strip_prefix('/')?)));
        for compressions in rows().map(|(row, _)| row.floor()).collect::<BTreeSet<_>>() {
            group.bench_function(format!("floor_{compressions}"), |bencher| bencher.iter(floor(compressions)));
        }
        // each call has inputs of its own; corrections take too long for many
        let batch = if name == "corrections" { BatchSize::PerIteration } else { BatchSize::NumIterations(16) };
        for (row, id) in rows() {
            group.bench_function(id, |bencher| bencher.iter_batched_ref(row.ready, |call| call(), batch));
        }
        group.finish();
    }
}

/// Others' work, to see what the payload costs beside it.
fn qr_for_scale(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("qr");
    for padded in [32, 255] {
        let text = wide::qr_text(&wide::address(if padded == 32 { 14 } else { 254 }));
        let mut temporary = vec![0; Version::MAX.buffer_len()];
        let mut drawn = vec![0; Version::MAX.buffer_len()];
        let mut draw = || {
            let version = |number| Version::new(number);
            QrCode::encode_text(&text, &mut temporary, &mut drawn, QrCodeEcc::Low, version(1), version(40), None, true)
                .expect("fits")
                .size()
        };
        let modules = draw();
        group.bench_function(format!("qrcodegen_draws_{padded}_{modules}_modules"), |bencher| bencher.iter(&mut draw));
        let mut temporary = vec![0; Version::MAX.buffer_len()];
        let mut buffer = vec![0; Version::MAX.buffer_len()];
        let code = QrCode::encode_text(&text, &mut temporary, &mut buffer, QrCodeEcc::Low, Version::new(1), Version::new(40), None, true)
            .expect("fits");
        let side = (code.size() as usize + 8) * 4;
        let dark = |x: usize, y: usize| code.get_module((x / 4) as i32 - 4, (y / 4) as i32 - 4);
        group.bench_function(format!("rqrr_reads_{padded}_{modules}_modules"), |bencher| {
            bencher.iter(|| {
                let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark(x, y) { 0 } else { 255 });
                image.detect_grids().first().map(|grid| grid.decode().expect("readable").1.len())
            })
        });
    }
    group.finish();
}

criterion_group! {
    name = clock;
    config = Criterion::default().warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1)).sample_size(30);
    targets = operations, qr_for_scale
}
criterion_main!(clock);
