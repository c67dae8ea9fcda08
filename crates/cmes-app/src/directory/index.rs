//! What search needs of the directory, in memory: an index for each country, and where companies are.
//!
//! An index a country makes the country a filter that costs nothing. It is derived from the database, which is asked at
//! every search whether something changed, so that it is right whichever process changed it.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use cmes_extract::trades;
use cmes_retrieve::{Index, Passage, words};
use cmes_store::companies;
use cmes_store::companies::vectors::{self, Changed, Standing, ToIndex};

use super::Directory;
use super::known::{Code, place};
use crate::Error;
use crate::enrichment::compute;

/// Companies that are read in one statement.
const PAGE: i64 = 2_000;

/// The index of this process.
#[derive(Debug, Default)]
pub(super) struct Kept {
    state: RwLock<State>,
    /// Held by who brings it up to date; the others wait and find it done.
    updating: tokio::sync::Mutex<()>,
}

/// What is in it.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) parts: HashMap<Code, Part>,
    /// Where each company is, to find it again.
    places: HashMap<i64, Place>,
    /// The last change that is in it; none before it is built.
    change: Option<i64>,
    /// Companies that there was no memory for.
    pub(super) left_out: usize,
}

/// The companies of a country.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) index: Index,
    /// Keys of those in a city or region.
    pub(super) at: HashMap<u32, HashSet<i64>>,
    /// Keys of those of which neither is known.
    pub(super) anywhere: HashSet<i64>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    country: Code,
    city: Option<u32>,
    region: Option<u32>,
}

/// A company as it goes into an index.
struct Packed {
    key: i64,
    place: Place,
    words: Vec<u8>,
    vector: Option<Vec<u8>>,
}

impl Kept {
    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_of(&self, standing: Standing) -> bool {
        self.read().change.is_some_and(|change| change >= standing.change)
    }
}

impl State {
    /// Number of companies in it.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Memory that it takes, in bytes, about.
    pub(super) fn memory(&self) -> usize {
        // A hash map has a byte for each place beside it, and an eighth of its places free.
        let places = self.places.capacity() * 8 / 7 * (size_of::<(i64, Place)>() + 1);
        let sets = |part: &Part| {
            let sets = part.at.values().map(|keys| keys.capacity()).sum::<usize>() + part.anywhere.capacity();
            sets * 8 / 7 * (size_of::<i64>() + 1) + part.at.capacity() * 8 / 7 * (size_of::<(u32, HashSet<i64>)>() + 1)
        };
        places + self.parts.values().map(|part| part.index.memory() + sets(part)).sum::<usize>()
    }

    fn remove(&mut self, key: i64) {
        let Some(place) = self.places.remove(&key) else { return };
        let Some(part) = self.parts.get_mut(&place.country) else { return };
        part.index.remove(key);
        part.anywhere.remove(&key);
        for at in [place.city, place.region].into_iter().flatten() {
            if let Some(keys) = part.at.get_mut(&at) {
                keys.remove(&key);
                if keys.is_empty() {
                    part.at.remove(&at);
                }
            }
        }
    }

    fn put(&mut self, company: &Packed) {
        self.remove(company.key);
        let Packed { key, place, words, vector } = company;
        self.places.insert(*key, *place);
        let part = self.parts.entry(place.country).or_default();
        part.index.replace(*key, &[Passage { key: *key, words, vector: vector.as_deref() }]);
        if place.city.is_none() && place.region.is_none() {
            part.anywhere.insert(*key);
        }
        for at in [place.city, place.region].into_iter().flatten() {
            part.at.entry(at).or_default().insert(*key);
        }
    }

    /// Puts companies in as long as they fit into so much memory.
    fn put_all(&mut self, companies: &[Packed], budget: usize) {
        let is_full = self.memory() > budget;
        for company in companies {
            if is_full && !self.places.contains_key(&company.key) {
                self.left_out += 1;
            } else {
                self.put(company);
            }
        }
    }
}

fn packed(row: ToIndex) -> Packed {
    let country = Code::of(&row.country);
    let language = row.language.parse().ok();
    let named: Vec<&str> = trades::named(&format!("{}. {}", row.name, row.about), language)
        .into_iter()
        .map(|trade| trade.id.as_str())
        .collect();
    let context = format!("{}\n{}", row.name, row.city);
    Packed {
        key: row.key,
        place: Place { country, city: place(country, &row.city), region: place(country, &row.region) },
        words: words::pack_marked(&context, &row.about, &named),
        vector: row.vector,
    }
}

/// Telling languages, words and trades is most of the work, and is done on all processors.
async fn packed_all(mut rows: Vec<ToIndex>) -> Result<Vec<Packed>, Error> {
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let each = rows.len().div_ceil(at_once).max(1);
    let mut parts = Vec::new();
    while !rows.is_empty() {
        let part = rows.split_off(rows.len().saturating_sub(each));
        parts.push(compute(move || part.into_iter().map(packed).collect::<Vec<_>>()));
    }
    // They were cut off from the end.
    let packed = futures_util::future::try_join_all(parts).await?;
    Ok(packed.into_iter().rev().flatten().collect())
}

/// Brings the index of this process up to date.
///
/// # Errors
/// When the database fails.
pub(super) async fn up_to_date(directory: &Directory) -> Result<(), Error> {
    let standing = vectors::standing(&directory.0.db).await?;
    if directory.0.index.is_of(standing) {
        return Ok(());
    }
    // In a task of its own, so that it is not lost when the one who asked goes away.
    let directory = directory.clone();
    let update = tokio::spawn(async move {
        let kept = &directory.0.index;
        let _updating = kept.updating.lock().await;
        if kept.is_of(standing) {
            return Ok(());
        }
        let change = kept.read().change.filter(|change| *change >= standing.deleted_at);
        match change {
            Some(change) => renew(&directory, change, standing).await,
            None => build(&directory, standing).await,
        }
    });
    update.await.map_err(Error::internal)?
}

/// Builds it anew, beside the one that is used meanwhile, from the latest change to the earliest: those are there when
/// memory is too little for all.
async fn build(directory: &Directory, standing: Standing) -> Result<(), Error> {
    let begun = Instant::now();
    let inner = &directory.0;
    let embedder = inner.models.embedder();
    let identity = embedder.as_ref().map(|embedder| embedder.identity());
    let budget = inner.settings.index_bytes;
    let read = |before| vectors::changed(&inner.db, Changed::Before(before), identity, PAGE);
    let mut state = State { change: Some(standing.change), ..State::default() };
    let mut rows = read(standing.change.saturating_add(1)).await?;
    while let Some(last) = rows.last().map(|row| row.change) {
        let making = async {
            let packed = packed_all(rows).await?;
            state.put_all(&packed, budget);
            Ok::<_, Error>(())
        };
        let (made, next) = tokio::join!(making, read(last));
        made?;
        rows = next?;
        if state.left_out > 0 {
            state.left_out = left_out(directory, state.len()).await?;
            break;
        }
    }
    tracing::debug!(
        companies = state.len(),
        left_out = state.left_out,
        bytes = state.memory(),
        milliseconds = begun.elapsed().as_millis(),
        "index of the directory built"
    );
    let before = std::mem::replace(&mut *inner.index.write(), state);
    // Outside the lock: it may be large.
    drop(before);
    Ok(())
}

/// Brings what changed into it.
async fn renew(directory: &Directory, change: i64, standing: Standing) -> Result<(), Error> {
    let inner = &directory.0;
    let embedder = inner.models.embedder();
    let identity = embedder.as_ref().map(|embedder| embedder.identity());
    let mut change = change;
    loop {
        let rows = vectors::changed(&inner.db, Changed::After(change), identity, PAGE).await?;
        let Some(last) = rows.last().map(|row| row.change) else { break };
        let packed = packed_all(rows).await?;
        let mut state = inner.index.write();
        state.put_all(&packed, inner.settings.index_bytes);
        state.change = Some(last);
        change = last;
    }
    let (has_left_out, len) = {
        let state = inner.index.read();
        (state.left_out > 0, state.len())
    };
    let left_out = if has_left_out { left_out(directory, len).await? } else { 0 };
    let mut state = inner.index.write();
    state.left_out = left_out;
    state.change = state.change.max(Some(standing.change));
    Ok(())
}

/// How many companies are not among so many.
async fn left_out(directory: &Directory, len: usize) -> Result<usize, Error> {
    let all = companies::counts(&directory.0.db, None).await?.companies;
    Ok(usize::try_from(all).unwrap_or_default().saturating_sub(len))
}
