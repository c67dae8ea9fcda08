//! The same for the companies of the world, which were written by people who had not seen the catalogue of trades. They are
//! asked for in English by those that speak another language: what comes are fixed phrases of facts, or nothing.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use cmes_app::enrichment::{Enricher, Settings};
use cmes_app::writing::Writer;
use cmes_fetch::BudgetLimits;
use cmes_testkit::world::{World, WorldServer};
use cmes_testkit::{BusinessLabel, world_business_labels};

use super::{Measure, TextsArgs, say};

/// Right, wrong, not given.
type Counts = [usize; 3];

/// Asks for every company, and says how many texts are right. Only the wrong ones of the first company of each trade and
/// language are shown, unless all are wanted: rules are made for those, and the others stay a test.
pub(super) async fn run(args: &TextsArgs) -> io::Result<()> {
    let world = World::new();
    let server = WorldServer::start(&world, Duration::ZERO).await?;
    let fetcher = crate::sites::fetcher(server.hosts())?;
    let settings = Settings { max_pages: 10, budget: BudgetLimits::default() };
    let writer = Writer::new(None, None, Duration::from_secs(args.timeout));
    let measure = Measure { enricher: Enricher::new(fetcher, settings).writing_with(writer) };
    let labels = world_business_labels();
    let mut seen = BTreeSet::new();
    let mut counts: [Counts; 2] = Default::default();
    for company in world.companies.iter().filter(|company| company.language != "en" && company.readable) {
        let is_first = seen.insert((&company.activities, &company.language));
        let Some(activity) = company.activities.first().filter(|activity| activity.contains(&args.only)) else {
            continue;
        };
        let Some(label) = labels.get(activity) else {
            say(&format!("{activity}: no label"))?;
            continue;
        };
        let Some(data) = measure.enrich(&company.host, "", "en").await else {
            say(&format!("{}: not read", company.host))?;
            continue;
        };
        let label = BusinessLabel { founded: company.founded, employees: company.employees, ..label.clone() };
        let judgement = label.judge(&data.business);
        let is_right = judgement.lacking.is_empty() && judgement.invented.is_empty();
        let outcome = usize::from(!is_right) + usize::from(data.business.is_empty());
        let shown = is_first || args.blind;
        if shown {
            say(&format!("{activity} [{}] {}: {}", company.language, company.host, data.business))?;
        }
        if shown && outcome == 1 {
            say(&format!("    WRONG lacking {:?}, invented {:?}", judgement.lacking, judgement.invented))?;
        }
        if let Some(count) = counts[usize::from(!is_first)].get_mut(outcome) {
            *count += 1;
        }
    }
    say("| companies | number | right | wrong | not given |\n|---|---|---|---|---|")?;
    for (name, [right, wrong, none]) in ["developed on", "blind"].into_iter().zip(counts) {
        say(&format!("| {name} | {} | {right} | {wrong} | {none} |", right + wrong + none))?;
    }
    Ok(())
}
