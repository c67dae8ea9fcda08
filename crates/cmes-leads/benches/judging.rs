//! How long it takes to judge a company and to read a list.
//!
//! `cargo bench -p cmes-leads`: a company of six pages of 10 kB, of which each is
//! its own text; a list of 200 entries.

use std::fmt::Write;
use std::hint::black_box;

use cmes_extract::content::Content;
use cmes_extract::page::{self, Page, RawPage};
use cmes_extract::places::Country;
use cmes_extract::profile::{Material, Reading, assemble};
use cmes_leads::candidates;
use cmes_leads::judging::{Company, judge};
use cmes_leads::query::{Activity, Place, Query};
use cmes_types::LanguageCode;
use criterion::{Criterion, criterion_group, criterion_main};
use url::Url;

fn read(address: &str, html: &str) -> Page {
    let url = Url::parse(address).expect("a URL");
    page::read(&RawPage { url: &url, headers: &[], html })
}

/// Pages of a maker of pumps, 10 kB of HTML each.
fn pages() -> Vec<Page> {
    let goods = ["pumps", "valves", "seals", "filters", "motors", "sensors", "pipes", "hoses"];
    (0..6)
        .map(|number| {
            let mut html = format!("<html lang=en><title>Acme Pumps {number}</title><main><h1>Pumps from Leeds</h1>");
            let mut line = 0;
            while html.len() < 10_000 {
                line += 1;
                let (one, other) = (goods[line % 8], goods[(line * 3 + number) % 8]);
                let _ = write!(
                    html,
                    "<h3>Series {number}{line}</h3><p>Our engineers in Leeds develop number {line} of the {one} for plants of the size {number}{line}, which run \
                     with {other} in water works.<ul><li>Type {line}{number}<li>Rating {line} bar</ul>"
                );
            }
            html.push_str("</main><footer>Acme Pumps Ltd, 1 Mill Lane, Leeds LS1 4AP, United Kingdom. Tel. +44 113 496 0123</footer>");
            read(&format!("https://acme.example/{}", if number == 0 { String::new() } else { format!("page{number}") }), &html)
        })
        .collect()
}

fn list() -> Page {
    let mut html =
        String::from("<html lang=en><title>Top 200 pump manufacturers</title><main><h1>Pump manufacturers</h1><ul>");
    for number in 0..200 {
        let _ = write!(
            html,
            "<li class=card><h3><a href=/company/{number}>Firm {number} Ltd</a></h3><p>{number} High Street, Leeds</p><p>Makes pumps of all sizes.</p><a href=https://firm{number}.com/>Website</a></li>"
        );
    }
    read("https://list.example.com/pumps", &html)
}

fn measured(criterion: &mut Criterion) {
    let pages = pages();
    let content = Content::default();
    let material = Material { pages: &pages, content: &content, language: LanguageCode::ENGLISH, extended: true };
    let Reading::Profile(data, _) = assemble(&material) else { return };
    let query = Query {
        activities: vec![Activity::of("pump manufacturers", LanguageCode::ENGLISH)],
        places: vec![Place { words: "UK".to_owned(), country: Country::from_code("GB"), ..Place::default() }],
        ..Query::default()
    };
    criterion.bench_function("judge a company of six pages", |bencher| {
        let company = Company { pages: &pages, data: Some(&data), likeness: None };
        bencher.iter(|| judge(black_box(&query), &company));
    });
    criterion.bench_function("judge a first page", |bencher| {
        let company = Company { pages: &pages[..1], data: None, likeness: None };
        bencher.iter(|| judge(black_box(&query), &company));
    });
    let list = list();
    assert_eq!(candidates::named(&list).len(), 200);
    criterion
        .bench_function("read a list of 200 entries", |bencher| bencher.iter(|| candidates::named(black_box(&list))));
    criterion
        .bench_function("tell the kind of a list", |bencher| bencher.iter(|| candidates::by_page(black_box(&list))));
}

criterion_group!(benches, measured);
criterion_main!(benches);
