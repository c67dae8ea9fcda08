//! A larger vocabulary makes no company miss: what a company plainly says it is it is, whatever other trades are known.

use std::fmt::Write;

use cmes_extract::page::{self, Page, RawPage};
use cmes_leads::judging::{Company, judge};
use cmes_leads::query::{Names, Query};
use cmes_types::{LanguageCode, Standing};
use url::Url;

/// A site that says in its title, first heading and first sentence what it is, and then speaks of something else.
fn site(own: &str, other: Option<&str>) -> Page {
    let mut html = format!(
        "<html lang=en><title>Acme – {own}</title><main><h1>{own}</h1><p>Acme has been known in Leeds for {own} since 1970.</p>"
    );
    for number in other.into_iter().flat_map(|other| (0..20).map(move |number| (number, other))) {
        let _ = write!(
            html,
            "<p>On page {} of our paper somebody writes about {} and what there is to see.</p>",
            number.0, number.1
        );
    }
    html.push_str("</main>");
    let url = Url::parse("https://acme.example/").expect("a URL");
    page::read(&RawPage { url: &url, headers: &[], html: &html })
}

fn standing(query: &Query, page: &Page) -> Standing {
    judge(query, &Company { pages: std::slice::from_ref(page), data: None, likeness: None }).activity
}

#[test]
fn what_else_a_site_speaks_of_takes_nothing_from_what_it_is() {
    let mut trades: Vec<&Names> = Names::all().collect();
    trades.sort_by_key(|names| names.id);
    let (mut asked, mut lost) = (0, Vec::new());
    for (at, own) in trades.iter().enumerate() {
        let Some(name) = own.name(LanguageCode::ENGLISH).filter(|_| own.is_service()) else { continue };
        let query = Query::read(&format!("{name} in the UK"));
        if standing(&query, &site(name, None)) != Standing::Meets {
            continue;
        }
        for step in [1, 7, 40] {
            let other = trades[(at + step) % trades.len()];
            // Who writes about hospital beds all the time and calls itself hospitals may well be somebody else.
            let is_namesake = |other: &str| name.get(..6).is_some_and(|beginning| other.starts_with(beginning));
            let Some(other) = other.name(LanguageCode::ENGLISH).filter(|other| !is_namesake(other)) else { continue };
            asked += 1;
            if standing(&query, &site(name, Some(other))) != Standing::Meets {
                lost.push(format!("{name} beside {other}"));
            }
        }
    }
    assert!(asked > 150, "{asked}");
    assert!(lost.is_empty(), "{} of {asked}: {}", lost.len(), lost.join("; "));
}

#[test]
fn a_word_for_a_role_is_no_trade_beside_what_is_made() {
    // Mills grind flour too.
    let page = site("steel tubes from our own tube mill", None);
    assert_eq!(standing(&Query::read("steel tube mills in the UK"), &page), Standing::Meets);
}
