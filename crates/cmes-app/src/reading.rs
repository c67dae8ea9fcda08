//! One page of a site: as its server sends it or, where that says nothing, as
//! its scripts make it.

use cmes_browser::Browser;
use cmes_extract::page::{self, Page, RawPage};
use cmes_extract::rendering;
use cmes_fetch::{Budget, Fetched};

use crate::Error;
use crate::enrichment::compute;

/// Reads a page, rendered where there is a browser and need of it. What cannot
/// be rendered is read as it was sent.
pub(crate) async fn read(browser: Option<&Browser>, fetched: Fetched, budget: &Budget) -> Result<Page, Error> {
    let (fetched, plain) = parse(fetched).await?;
    let Some(browser) = browser.filter(|_| rendering::is_needed(&plain)) else { return Ok(plain) };
    let Ok(rendered) = browser.render(&fetched, budget).await else { return Ok(plain) };
    let (_, rendered) = parse(rendered).await?;
    // A script that fails may take away even what there was.
    let is_more = rendering::text_length(&rendered) > rendering::text_length(&plain);
    Ok(if is_more { rendered } else { plain })
}

async fn parse(fetched: Fetched) -> Result<(Fetched, Page), Error> {
    compute(move || {
        let page = page::read(&RawPage { url: &fetched.url, headers: &fetched.headers, html: &fetched.text });
        (fetched, page)
    })
    .await
}
