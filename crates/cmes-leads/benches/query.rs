//! How long it takes to read a query and to plan its searches.
//!
//! `cargo bench -p cmes-leads --bench query`

use std::hint::black_box;

use cmes_leads::query::Query;
use criterion::{Criterion, criterion_group, criterion_main};

const QUERIES: [&str; 6] = [
    "Pipe manufacturers, USA",
    "find me 20 CNC shops near Stuttgart with more than 50 employees",
    "Hersteller von Armaturen in Bayern, keine Händler",
    "производители кабеля в Подмосковье",
    "fabricantes de válvulas en España o Portugal con ISO 9001",
    "上海的泵制造商",
];

fn read(criterion: &mut Criterion) {
    // The tables are built by the first query.
    black_box(Query::read("Pumps"));
    let mut group = criterion.benchmark_group("query");
    for query in QUERIES {
        group.bench_function(format!("read/{query}"), |bench| bench.iter(|| Query::read(black_box(query))));
    }
    let queries: Vec<Query> = QUERIES.iter().map(|query| Query::read(query)).collect();
    group.bench_function("searches", |bench| {
        bench.iter(|| queries.iter().map(|query| black_box(query).searches().len()).sum::<usize>());
    });
    let long = "Hersteller von Pumpen in München, ohne Händler, ".repeat(220);
    group.bench_function("read/10 kB", |bench| bench.iter(|| Query::read(black_box(&long))));
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
