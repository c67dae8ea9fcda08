//! A task that finds leads: each is stored, and paid, as soon as it is finished.

use std::sync::Arc;

use cmes_store::jobs::Lease;
use cmes_store::leads::{self, Kept, NewLead};
use cmes_store::tasks::Task;
use cmes_types::CompanyData;

use super::{lost, persistently, reading};
use crate::enrichment::Progress;
use crate::leads::{FindLeads, Finished, Lead, Search};
use crate::{App, Error};

/// Finds leads and keeps each under the lease. Those that an earlier run has kept count.
pub(super) async fn run(
    app: &Arc<App>,
    task: &Task,
    lease: &Lease,
    request: &FindLeads,
    is_paid_at_once: bool,
    progress: &Progress,
) -> Result<(), Error> {
    let tariffs = app.tariffs.current(&app.db, app.clock.now()).await?;
    let kept = leads::after(&app.db, task.account, task.id, 0).await?;
    let finished = kept.into_iter().map(|lead| {
        let data = serde_json::from_str::<CompanyData>(&lead.body).unwrap_or_default();
        Finished { domain: lead.domain, data }
    });
    let search =
        Search { request, finished: finished.collect(), tariffs: &tariffs, observer: Some(reading(&app.metrics)) };
    let most = request.max_count as usize;
    let is_whole = request.enrich.exceptions.trim().is_empty();
    let mut taker = |lead: Lead, count: usize| {
        progress.step(0, 99, count, most);
        let percent = i64::try_from(count * 100 / most.max(1)).unwrap_or(99);
        Box::pin(keep(app, task, lease, lead, percent, is_paid_at_once, is_whole)) as _
    };
    app.finder.find(search, &mut taker).await
}

async fn keep(
    app: &Arc<App>,
    task: &Task,
    lease: &Lease,
    lead: Lead,
    percent: i64,
    is_paid: bool,
    is_whole: bool,
) -> Result<(), Error> {
    let body = serde_json::to_string(&lead.data).map_err(Error::internal)?;
    // Ten-thousandths of what lies between 0 and 1.
    let fit = (lead.fit.clamp(0.0, 1.0) * 10_000.0).round() as i64;
    let new = NewLead { domain: &lead.domain, fit, body: &body, is_paid };
    match persistently(|| leads::keep(&app.db, lease, task, &new, percent, app.clock.now())).await? {
        Kept::New(number) => {
            tracing::debug!(task = %task.id, number, "a lead is finished");
            app.metrics.leads_finished.inc();
            // What this customer's exceptions have left of a profile is nothing for others.
            if is_whole {
                app.directory.note(&lead.data).await;
            }
        }
        Kept::Known => tracing::debug!(task = %task.id, "a lead was finished before"),
        Kept::LeaseLost => return Err(lost()),
    }
    Ok(())
}
