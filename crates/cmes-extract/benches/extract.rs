//! How fast pages are read: all demo pages, and the facts of all demo sites.
//!
//! `cargo bench -p cmes-extract`; throughput is in pages, so that `elem/s` are
//! pages per second on one core.

use std::collections::BTreeMap;
use std::hint::black_box;

use cmes_extract::content::Content;
use cmes_extract::facts::{
    Site, address, business, country, emails, language, links, logo, names, people, phones, size, social, technologies,
};
use cmes_extract::profile::{Material, assemble, domain_of};
use cmes_extract::{Page, RawPage, page};
use cmes_types::LanguageCode;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use url::Url;

/// A page as the network gave it.
struct Saved {
    url: Url,
    headers: Vec<(String, String)>,
    html: String,
}

/// The demo pages by site.
fn saved() -> Vec<Vec<Saved>> {
    let mut sites: BTreeMap<String, Vec<Saved>> = BTreeMap::new();
    for page in cmes_testkit::saved_pages() {
        let Ok(url) = Url::parse(&page.url) else { continue };
        let headers = page.headers.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
        sites.entry(page.site).or_default().push(Saved { url, headers, html: page.html });
    }
    sites.into_values().collect()
}

fn read(saved: &Saved) -> Page {
    page::read(&RawPage { url: &saved.url, headers: &saved.headers, html: &saved.html })
}

fn extraction(criterion: &mut Criterion) {
    let sites = saved();
    let count = sites.iter().map(Vec::len).sum::<usize>() as u64;
    let bytes = sites.iter().flatten().map(|page| page.html.len()).sum::<usize>() as u64;
    let content = Content::default();
    let mut group = criterion.benchmark_group("extract");
    group.sample_size(20);
    group.throughput(Throughput::Elements(count));
    group.bench_function("page and facts", |bencher| {
        bencher.iter(|| {
            for site in &sites {
                let pages: Vec<Page> = site.iter().map(read).collect();
                black_box(assemble(&Material {
                    pages: &pages,
                    content: &content,
                    language: LanguageCode::ENGLISH,
                    extended: false,
                }));
            }
        });
    });
    group.bench_function("page", |bencher| {
        bencher.iter(|| sites.iter().flatten().for_each(|saved| drop(black_box(read(saved)))));
    });
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("page, in bytes", |bencher| {
        bencher.iter(|| sites.iter().flatten().for_each(|saved| drop(black_box(read(saved)))));
    });
    group.finish();
}

/// Each extractor by itself over all sites.
fn facts(criterion: &mut Criterion) {
    let sites: Vec<Vec<Page>> = saved().iter().map(|site| site.iter().map(read).collect()).collect();
    let domains: Vec<String> =
        sites.iter().map(|pages| pages.first().map(|page| domain_of(&page.url)).unwrap_or_default()).collect();
    let contexts: Vec<Site<'_>> = sites
        .iter()
        .zip(&domains)
        .map(|(pages, domain)| {
            let mut site = Site { pages, domain, language: None, country: None };
            site.language = language::find(pages).map(|found| found.value);
            site.country = country::find(&site).map(|found| found.value);
            site
        })
        .collect();
    let mut group = criterion.benchmark_group("facts");
    group.sample_size(20);
    group.throughput(Throughput::Elements(sites.iter().map(Vec::len).sum::<usize>() as u64));
    type Extractor = fn(&Site<'_>);
    let extractors: [(&str, Extractor); 13] = [
        ("address", |site| drop(black_box(address::find(site)))),
        ("business", |site| drop(black_box(business::find(site)))),
        ("country", |site| drop(black_box(country::find(site)))),
        ("emails", |site| drop(black_box(emails::find(site)))),
        ("language", |site| drop(black_box(language::find(site.pages)))),
        ("links", |site| drop(black_box(links::find(site)))),
        ("logo", |site| drop(black_box(logo::find(site)))),
        ("names", |site| drop(black_box(names::find(site)))),
        ("people", |site| drop(black_box(people::find(site)))),
        ("phones", |site| drop(black_box(phones::find(site)))),
        ("size", |site| drop(black_box(size::find(site)))),
        ("social", |site| drop(black_box(social::find(site)))),
        ("technologies", |site| drop(black_box(technologies::find(site.pages)))),
    ];
    for (name, extractor) in extractors {
        group.bench_with_input(BenchmarkId::from_parameter(name), &contexts, |bencher, sites| {
            bencher.iter(|| sites.iter().for_each(extractor));
        });
    }
    group.finish();
}

criterion_group!(benches, extraction, facts);
criterion_main!(benches);
