//! `cargo xtask texts`: how right the written texts are, and whether budget and
//! probability follow what salespeople would say.
//!
//! Each site is served on loopback and enriched by the whole engine with the
//! models that are named. A text is right when it says what its label wants
//! (`crates/cmes-testkit/business.toml`) and nothing that the label calls an
//! invention. A pair of `offers.toml` is right when the better company gets the
//! higher figure; equal is wrong.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use cmes_app::Tariffs;
use cmes_app::enrichment::{Enrich, Enricher, Progress, Settings};
use cmes_app::writing::Writer;
use cmes_fetch::{BudgetLimits, FetchOptions, Fetcher};
use cmes_models::openai::{ApiKey, Limits, OpenAiChat, OpenAiSettings};
use cmes_models::{ChatModel, Embedder};
use cmes_testkit::{DemoSites, all_sites, business_labels, offer_pairs};
use cmes_types::{CompanyData, Currency, Evidence, LanguageCode, Method, Money, SystemClock};
use url::Url;

/// Measure the written texts and the order of companies for offers.
#[derive(Debug, Args)]
pub struct TextsArgs {
    /// Folder with the embedded models, as `cmes models pull` leaves it.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Address of a server that speaks OpenAI's protocol; its key is read from CMES_LLM__API_KEY.
    #[arg(long)]
    url: Option<Url>,
    /// The model's name there.
    #[arg(long, default_value = "default")]
    model: String,
    /// Language of the texts.
    #[arg(long, default_value = "en")]
    language: LanguageCode,
    /// Only sites whose names contain this.
    #[arg(long, default_value = "")]
    only: String,
    /// Also compare companies for offers; with a chat model that takes two questions a pair.
    #[arg(long)]
    offers: bool,
    /// Ask no chat model, embed only.
    #[arg(long)]
    no_chat: bool,
    /// Seconds for one text.
    #[arg(long, default_value_t = 600)]
    timeout: u64,
}

pub async fn run(args: &TextsArgs) -> io::Result<()> {
    let server = DemoSites::serve(all_sites(), None).await?;
    let options = FetchOptions {
        allow_networks: vec!["127.0.0.0/8".parse().map_err(io::Error::other)?],
        hosts: server.hosts(),
        per_host_delay: Duration::ZERO,
        ..FetchOptions::default()
    };
    let fetcher = Fetcher::new(options).map_err(io::Error::other)?;
    let limit = Duration::from_secs(args.timeout);
    let writer = Writer::new(chat(args, limit)?, embedder(args), limit);
    let settings = Settings { max_pages: 10, budget: BudgetLimits::default() };
    let measure = Measure { enricher: Enricher::new(fetcher, settings).writing_with(writer), language: args.language };
    texts(&measure, &args.only).await?;
    if args.offers { offers(&measure, &args.only).await } else { Ok(()) }
}

fn chat(args: &TextsArgs, timeout: Duration) -> io::Result<Option<Arc<dyn ChatModel>>> {
    if args.no_chat {
        return Ok(None);
    }
    if let Some(base_url) = &args.url {
        let settings = OpenAiSettings {
            base_url: base_url.clone(),
            api_key: std::env::var("CMES_LLM__API_KEY").ok().map(|key| ApiKey::new(&key)),
            model: args.model.clone(),
            limits: Limits { timeout, ..Limits::default() },
            proxy: None,
        };
        let chat = OpenAiChat::new(settings, Arc::new(SystemClock)).map_err(io::Error::other)?;
        return Ok(Some(Arc::new(chat)));
    }
    Ok(args.models.as_deref().and_then(crate::embedded::chat))
}

fn embedder(args: &TextsArgs) -> Option<Arc<dyn Embedder>> {
    args.models.as_deref().and_then(crate::embedded::embedder)
}

struct Measure {
    enricher: Enricher,
    language: LanguageCode,
}

impl Measure {
    async fn enrich(&self, site: &str, offer: &str) -> Option<CompanyData> {
        let request = Enrich {
            content: site.to_owned(),
            products_and_services: offer.to_owned(),
            language: self.language,
            explain: true,
            ..Enrich::default()
        };
        let tariffs = Tariffs { base: Currency::gbp(), prices: Vec::new(), rates: rates() };
        self.enricher.enrich(&request, &Arc::new(tariffs), None, Progress::unseen()).await.ok()
    }
}

/// About what a pound was worth in 2026; only the order matters here.
fn rates() -> BTreeMap<String, Money> {
    let rates = [
        ("EUR", "1.15"),
        ("USD", "1.34"),
        ("PLN", "4.9"),
        ("RUB", "107"),
        ("CHF", "1.08"),
        ("CZK", "28"),
        ("HUF", "450"),
        ("JPY", "200"),
        ("CNY", "9.5"),
        ("KRW", "1900"),
        ("INR", "117"),
        ("BRL", "7.2"),
        ("MXN", "25"),
        ("TRY", "56"),
        ("SEK", "12.6"),
        ("DKK", "8.6"),
        ("NOK", "13.5"),
        ("AED", "4.9"),
        ("SAR", "5"),
        ("ILS", "4.4"),
        ("AUD", "2"),
    ];
    rates.into_iter().filter_map(|(code, rate)| Some((code.to_owned(), rate.parse().ok()?))).collect()
}

async fn texts(measure: &Measure, only: &str) -> io::Result<()> {
    let (mut right, mut lacking, mut invented, mut written, mut all) = (0, 0, 0, 0, 0);
    let begun = Instant::now();
    for (site, label) in business_labels().iter().filter(|(site, _)| site.contains(only)) {
        all += 1;
        let Some(data) = measure.enrich(site, "").await else {
            say(&format!("{site}: not read"))?;
            continue;
        };
        let evidence = data.evidence.as_deref().unwrap_or_default();
        let by_model = evidence.iter().any(|e| e.field == "Business" && e.method == Method::Model);
        let reason = evidence.iter().find(|e: &&Evidence| e.field == "Model").map_or("", |e| e.snippet.as_str());
        let judgement = label.judge(&data.business);
        let is_right = judgement.lacking.is_empty() && judgement.invented.is_empty();
        written += usize::from(by_model);
        right += usize::from(is_right && by_model);
        lacking += usize::from(by_model && !judgement.lacking.is_empty());
        invented += usize::from(by_model && !judgement.invented.is_empty());
        let who = if by_model { "model" } else { "site" };
        say(&format!("{site}: {who}: {}", data.business))?;
        if !reason.is_empty() {
            say(&format!("    not by the model: {reason}"))?;
        }
        if !is_right {
            say(&format!("    lacking {:?}, invented {:?}", judgement.lacking, judgement.invented))?;
        }
    }
    say(&format!(
        "| texts | written by the model | right | lacking something | with an invention | seconds a text |\n\
         |---|---|---|---|---|---|\n| {all} | {written} | {right} | {lacking} | {invented} | {:.1} |",
        begun.elapsed().as_secs_f64() / f64::from(all.max(1))
    ))
}

async fn offers(measure: &Measure, only: &str) -> io::Result<()> {
    let mut known: HashMap<(String, String), CompanyData> = HashMap::new();
    let (mut right, mut all) = (0, 0);
    for pair in offer_pairs().iter().filter(|pair| pair.better.contains(only)) {
        let mut figures = Vec::new();
        for site in [&pair.better, &pair.worse] {
            let key = (site.clone(), pair.offer.clone());
            if !known.contains_key(&key)
                && let Some(data) = measure.enrich(site, &pair.offer).await
            {
                known.insert(key.clone(), data);
            }
            figures.push(known.get(&key).map_or(0, |data| match pair.by.as_str() {
                "budget" => data.estimated_budget.units(),
                _ => i64::from(data.probability_of_success),
            }));
        }
        let is_right = figures[0] > figures[1];
        all += 1;
        right += usize::from(is_right);
        if !is_right {
            say(&format!("{} over {} by {}: {figures:?} ({})", pair.better, pair.worse, pair.by, pair.why))?;
        }
    }
    say(&format!("| pairs | in the expected order |\n|---|---|\n| {all} | {right} |"))
}

fn say(line: &str) -> io::Result<()> {
    use io::Write;
    writeln!(io::stdout(), "{line}")
}
