//! A task that finds leads: each is stored, and paid, as soon as it is finished.

use std::sync::Arc;

use cmes_store::jobs::Lease;
use cmes_store::leads::{self, Kept, NewLead};
use cmes_store::tasks::{self, Task};
use cmes_types::{CompanyData, error_chain};
use tokio::sync::watch;

use super::ending::{lost, persistently};
use super::reading;
use crate::enrichment::Progress;
use crate::leads::{FindLeads, Finished, Lead, Search};
use crate::{App, Error};

/// Finds leads and keeps each under the lease. Those that an earlier run has kept count. Gives what the owner should know.
pub(super) async fn run(
    app: &Arc<App>,
    task: &Task,
    lease: &Lease,
    request: &FindLeads,
    is_paid_at_once: bool,
    progress: &Progress,
) -> Result<Vec<String>, Error> {
    let tariffs = app.tariffs.current(&app.db, app.clock.now()).await?;
    let kept = leads::after(&app.db, task.account, task.id, 0).await?;
    let finished = kept.into_iter().map(|lead| {
        let data = serde_json::from_str::<CompanyData>(&lead.body).unwrap_or_default();
        Finished { domain: lead.domain, data }
    });
    let (remarks, mut told) = watch::channel(Vec::new());
    let observer = Some(reading(&app.metrics));
    let search = Search { request, finished: finished.collect(), tariffs: &tariffs, observer, remarks };
    let most = request.max_count as usize;
    let is_whole = request.enrich.exceptions.trim().is_empty();
    let mut taker = |lead: Lead, count: usize| {
        progress.step(0, 99, count, most);
        let percent = i64::try_from(count * 100 / most.max(1)).unwrap_or(99);
        Box::pin(keep(app, task, lease, lead, percent, is_paid_at_once, is_whole)) as _
    };
    let written = async {
        while told.changed().await.is_ok() {
            let remarks = told.borrow_and_update().clone();
            write(app, task, &remarks).await;
        }
        // The search has ended, and says itself how.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        outcome = app.finder.find(search, &mut taker) => outcome?,
        () = written => {}
    }
    let remarks = told.borrow().clone();
    // The last one may have come in the last moment.
    if !remarks.is_empty() {
        write(app, task, &remarks).await;
    }
    Ok(remarks)
}

/// Lets those who follow the task see what its owner should know. Leads are not lost for it.
async fn write(app: &App, task: &Task, remarks: &[String]) {
    let text = serde_json::to_string(remarks).unwrap_or_default();
    if let Err(error) = tasks::set_remarks(&app.db, task.id, &text).await {
        tracing::debug!(error = error_chain(&error), "remarks not written");
    }
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
