//! `cargo xtask texts`: how right the written texts are, and whether budget and
//! probability follow what salespeople would say.
//!
//! Each site is served on loopback and enriched by the whole engine with the
//! models that are named. A text is right when it says what its label wants
//! (`crates/cmes-testkit/business.toml`) and nothing that the label calls an
//! invention; each is asked for in three languages. A pair of `offers.toml` is right when the better company gets the
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
use cmes_fetch::BudgetLimits;
use cmes_models::openai::{ApiKey, Limits, OpenAiChat, OpenAiSettings};
use cmes_models::{ChatModel, Embedder};
use cmes_testkit::{DemoSites, OfferPair, all_sites, business_labels, expected, offer_pairs};
use cmes_types::{CompanyData, Currency, Method, Money, SystemClock};
use url::Url;

mod world;

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
    /// Only sites whose names contain this.
    #[arg(long, default_value = "")]
    only: String,
    /// Also compare companies for offers; with a chat model that takes two questions a pair.
    #[arg(long)]
    offers: bool,
    /// Only the companies of the world, in English; without any model.
    #[arg(long, conflicts_with = "offers")]
    world: bool,
    /// Compare companies for offers only.
    #[arg(long, requires = "offers")]
    no_texts: bool,
    /// Also show what the rules were not developed on.
    #[arg(long)]
    blind: bool,
    /// Ask no chat model, embed only.
    #[arg(long)]
    no_chat: bool,
    /// Seconds for one text.
    #[arg(long, default_value_t = 600)]
    timeout: u64,
}

pub async fn run(args: &TextsArgs) -> io::Result<()> {
    if args.world {
        return world::run(args).await;
    }
    let server = DemoSites::serve(all_sites(), None).await?;
    let fetcher = crate::sites::fetcher(server.hosts())?;
    let limit = Duration::from_secs(args.timeout);
    let writer = Writer::new(chat(args, limit)?, embedder(args), limit);
    let settings = Settings { max_pages: 10, budget: BudgetLimits::default() };
    let measure = Measure { enricher: Enricher::new(fetcher, settings).writing_with(writer) };
    if !args.no_texts {
        texts(&measure, &args.only).await?;
    }
    if args.offers { offers(&measure, args).await } else { Ok(()) }
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
}

impl Measure {
    async fn enrich(&self, site: &str, offer: &str, language: &str) -> Option<CompanyData> {
        let request = Enrich {
            content: site.to_owned(),
            products_and_services: offer.to_owned(),
            language: language.parse().unwrap_or_default(),
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

/// How a text came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Site,
    Phrases,
    Both,
    Model,
    NotGiven,
}

impl Origin {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Site, "the site's sentences"),
        (Self::Phrases, "fixed phrases"),
        (Self::Both, "a phrase and sentences"),
        (Self::Model, "a model"),
        (Self::NotGiven, "not given"),
    ];

    fn of(data: &CompanyData) -> Self {
        let evidence = data.evidence.as_deref().unwrap_or_default();
        let methods: Vec<Method> = evidence.iter().filter(|e| e.field == "Business").map(|e| e.method).collect();
        match (methods.contains(&Method::Model), methods.contains(&Method::Inferred), methods.len()) {
            _ if data.business.is_empty() => Self::NotGiven,
            (true, ..) => Self::Model,
            (_, true, 1) => Self::Phrases,
            (_, true, _) => Self::Both,
            _ => Self::Site,
        }
    }
}

/// Every labelled company, asked for in the language of its site, in English and in German.
async fn texts(measure: &Measure, only: &str) -> io::Result<()> {
    let begun = Instant::now();
    let labels = business_labels();
    let sites: Vec<_> = labels.iter().filter(|(site, _)| site.contains(only)).collect();
    let mut table = "| asked for in | companies | right | wrong |".to_owned();
    table.extend(Origin::ALL.map(|(_, name)| format!(" {name} (right) |")));
    table.push_str(&format!("\n|{}\n", "---|".repeat(4 + Origin::ALL.len())));
    let mut enriched = 0;
    for (asked, name) in [(None, "the site's language"), (Some("en"), "English"), (Some("de"), "German")] {
        let mut counts: BTreeMap<Origin, (usize, usize)> = BTreeMap::new();
        let mut all = 0;
        for (site, label) in &sites {
            let own = expected(site).language;
            let language = asked.unwrap_or(&own);
            if asked == Some(own.as_str()) {
                continue;
            }
            let Some(data) = measure.enrich(site, "", language).await else {
                say(&format!("{site}: not read"))?;
                continue;
            };
            enriched += 1;
            let Some(judgement) = label.judge_in(language, &own, &data.business) else {
                say(&format!("{site} in {language}: no label"))?;
                continue;
            };
            all += 1;
            let origin = Origin::of(&data);
            let is_right = judgement.lacking.is_empty() && judgement.invented.is_empty();
            let count = counts.entry(origin).or_default();
            count.0 += 1;
            count.1 += usize::from(is_right && origin != Origin::NotGiven);
            say(&format!("{site} in {language}: {origin:?}: {}", data.business))?;
            let evidence = data.evidence.as_deref().unwrap_or_default();
            for remark in evidence.iter().filter(|e| e.field == "Model" || e.value == "not given") {
                say(&format!("    {}", remark.snippet))?;
            }
            if !is_right && origin != Origin::NotGiven {
                say(&format!("    WRONG lacking {:?}, invented {:?}", judgement.lacking, judgement.invented))?;
            }
        }
        let (given, right) = counts
            .iter()
            .filter(|(origin, _)| **origin != Origin::NotGiven)
            .fold((0, 0), |(given, right), (_, count)| (given + count.0, right + count.1));
        table.push_str(&format!("| {name} | {all} | {right} | {} |", given - right));
        for (origin, _) in Origin::ALL {
            let (given, right) = counts.get(&origin).copied().unwrap_or_default();
            table.push_str(&if origin == Origin::NotGiven {
                format!(" {given} |")
            } else {
                format!(" {given} ({right}) |")
            });
        }
        table.push('\n');
    }
    say(&format!("{table}\n{:.1} seconds a text", begun.elapsed().as_secs_f64() / f64::from(enriched.max(1))))
}

/// The scoring is developed on one half of the pairs; the other is looked at only as a figure.
fn is_developed_on(pair: &OfferPair) -> bool {
    // FNV-1a: the halves stay what they are when pairs are added.
    let text = [&pair.offer, &pair.better, &pair.worse].map(String::as_str).concat();
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (hash >> 32) % 2 == 0
}

async fn offers(measure: &Measure, args: &TextsArgs) -> io::Result<()> {
    let mut known: HashMap<(String, String), CompanyData> = HashMap::new();
    let mut halves = [(0, 0); 2];
    for pair in offer_pairs().iter().filter(|pair| pair.better.contains(&args.only)) {
        let mut figures = Vec::new();
        let mut reasons = Vec::new();
        for site in [&pair.better, &pair.worse] {
            let key = (site.clone(), pair.offer.clone());
            if !known.contains_key(&key)
                && let Some(data) = measure.enrich(site, &pair.offer, "en").await
            {
                known.insert(key.clone(), data);
            }
            let data = known.get(&key);
            figures.push(data.map_or(0, |data| match pair.by.as_str() {
                "budget" => data.estimated_budget.units(),
                _ => i64::from(data.probability_of_success),
            }));
            let evidence = data.and_then(|data| data.evidence.as_ref()).into_iter().flatten();
            reasons.extend(evidence.filter(|e| e.field == "ProbabilityOfSuccess").map(|e| e.snippet.clone()));
        }
        let is_right = figures[0] > figures[1];
        let is_blind = !is_developed_on(pair);
        let half = &mut halves[usize::from(is_blind)];
        half.0 += 1;
        half.1 += usize::from(is_right);
        if !is_right && (args.blind || !is_blind) {
            say(&format!("{} over {} by {}: {figures:?} ({})", pair.better, pair.worse, pair.by, pair.why))?;
            say(&format!("    {}\n    {}", pair.offer, reasons.join("\n    ")))?;
        }
    }
    let [developed, blind] = halves;
    say("| pairs | number | in the expected order |\n|---|---|---|")?;
    say(&format!("| developed on | {} | {} |\n| blind | {} | {} |", developed.0, developed.1, blind.0, blind.1))
}

fn say(line: &str) -> io::Result<()> {
    use io::Write;
    writeln!(io::stdout(), "{line}")
}
