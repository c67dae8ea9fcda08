//! Search: which companies of the directory answer best.

use std::sync::Arc;

use cmes_extract::places::{Country, fold};
use cmes_extract::trades;
use cmes_retrieve::{Query, Searched, search_marked};
use cmes_search::Found;
use cmes_store::companies::{self, Company};
use cmes_types::{CompanySearch, Hit};

use super::index::{self, Part, State};
use super::known::{Code, place};
use super::{Directory, NAME};
use crate::Error;
use crate::enrichment::compute;

/// Most companies of an answer.
const MOST: usize = 200;
/// Longest question, in bytes; more than anybody asks for.
const LONGEST: usize = 2_000;
/// What it costs a company, in nats, that it is not known whether it is in the country or at the place that is asked for:
/// it comes behind those of which that is known, unless it answers much better.
const UNKNOWN: f32 = 3.0;
/// A company has at least this part of the best one's evidence, or is at most so many nats behind it: vectors find
/// something near everything.
const SHARE: f32 = 0.4;
const DISTANCE: f32 = 5.0;
/// Longest snippet, in bytes.
const LONGEST_SNIPPET: usize = 400;

/// What is asked of the index.
struct Asked {
    text: String,
    vector: Option<Arc<[f32]>>,
    /// Trades that the text names.
    trades: Vec<&'static str>,
    country: Option<Code>,
    locality: Option<String>,
}

async fn vector(inner: &super::Inner, words: &str) -> Option<Arc<[f32]>> {
    inner.questions.vector_of_words(inner.models.embedder()?.as_ref(), words).await
}

pub(super) async fn find(directory: &Directory, search: &CompanySearch) -> Result<Found, Error> {
    let text = if search.activity.trim().is_empty() { &search.text } else { &search.activity };
    let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default().trim().to_owned();
    let most = search.most.min(MOST);
    if text.is_empty() || most == 0 {
        return Ok(Found::default());
    }
    let inner = &directory.0;
    let (vector, current) = tokio::join!(vector(inner, &text), index::up_to_date(directory));
    current?;
    let asked = Asked {
        trades: trades::named(&text, Some(search.language)).into_iter().map(|trade| trade.id.as_str()).collect(),
        country: search.country.as_deref().map(Code::of).filter(|code| *code != Code::UNKNOWN),
        locality: search.locality.clone().filter(|locality| !locality.trim().is_empty()),
        text: text.clone(),
        vector,
    };
    let (ranked, left_out) = {
        let directory = directory.clone();
        compute(move || {
            let state = directory.0.index.read();
            (rank(&state, &asked, most), state.left_out)
        })
        .await?
    };
    let mut shown = companies::shown(&inner.db, &ranked).await?;
    let mut companies: Vec<Company> = ranked.iter().filter_map(|key| shown.remove(key)).collect();
    // Who is called by its name comes first.
    let names = [fold(&search.text), fold(&text)];
    companies.sort_by_key(|company| !names.contains(&fold(&company.name)));
    let hits = companies.iter().map(|company| hit(company, search)).collect();
    let remark = (left_out > 0).then(|| {
        format!(
            "{left_out} companies of the {NAME} do not fit into memory and are not searched: raise \
             search.directory.index_bytes"
        )
    });
    Ok(Found { hits, remarks: remark.into_iter().collect() })
}

/// Keys of the companies that answer best, best first.
fn rank(state: &State, asked: &Asked, most: usize) -> Vec<i64> {
    let mut parts: Vec<(&Part, Code, f32)> = match asked.country {
        Some(country) => [(country, 0.0), (Code::UNKNOWN, UNKNOWN)]
            .into_iter()
            .filter_map(|(code, cost)| Some((state.parts.get(&code)?, code, cost)))
            .collect(),
        None => state.parts.iter().map(|(code, part)| (part, *code, 0.0)).collect(),
    };
    parts.sort_by_key(|(_, code, _)| *code);
    // Of "Houston, Texas" the first name under which some company is.
    let known = asked.locality.iter().flat_map(|locality| locality.split(',')).find(|name| {
        parts.iter().any(|(part, code, _)| place(*code, name).is_some_and(|at| part.at.contains_key(&at)))
    });
    let mut searched: Vec<Searched<'_>> = Vec::new();
    let mut costs: Vec<f32> = Vec::new();
    for (part, code, cost) in parts {
        let index = &part.index;
        let Some(name) = known else {
            // A place that nobody is at may be known by another name, so that nobody is left out for it.
            searched.push(Searched { index, only: None });
            costs.push(cost);
            continue;
        };
        if let Some(there) = place(code, name).and_then(|at| part.at.get(&at)) {
            searched.push(Searched { index, only: Some(there) });
            costs.push(cost);
        }
        if !part.anywhere.is_empty() {
            searched.push(Searched { index, only: Some(&part.anywhere) });
            costs.push(cost + UNKNOWN);
        }
    }
    let query = Query { text: &asked.text, vector: asked.vector.as_deref() };
    let hits = search_marked(&searched, &query, &asked.trades, most * 2 + 20);
    let least = hits.first().map_or(0.0, |best| (best.evidence * SHARE).min(best.evidence - DISTANCE));
    let mut ranked: Vec<(f32, i64)> = hits
        .iter()
        .filter(|hit| hit.evidence >= least)
        .map(|hit| (hit.evidence - costs.get(hit.source).copied().unwrap_or_default(), hit.article))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.into_iter().take(most).map(|(_, key)| key).collect()
}

fn hit(company: &Company, search: &CompanySearch) -> Hit {
    let country = Country::from_code(&company.country).map_or("", |country| country.name(search.language));
    let place: Vec<&str> = [company.city.as_str(), country].into_iter().filter(|part| !part.is_empty()).collect();
    let parts = [place.join(", "), company.about.clone()];
    let snippet: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let snippet = snippet.join(" – ");
    Hit {
        url: format!("https://{}/", company.host),
        title: company.name.clone(),
        snippet: snippet.get(..snippet.floor_char_boundary(LONGEST_SNIPPET)).unwrap_or_default().to_owned(),
    }
}
