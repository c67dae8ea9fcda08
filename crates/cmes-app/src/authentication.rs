//! API keys: how they are made, shown and recognised.
//!
//! A key is `apikey-` and 35 random letters and digits. Only its SHA-256 is
//! stored: with 208 random bits there is nothing to guess, so no slow hash is
//! needed, and recognising a key costs microseconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use cmes_store::{Db, keys};
use cmes_types::{AccountId, Currency, KeyId, ProjectId, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::Error;

/// How every key begins.
pub const PREFIX: &str = "apikey-";
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 35;
/// How long a key that was looked up is trusted without asking again: the
/// longest time for which a revoked key may still work.
const TRUSTED_MS: i64 = 1_000;
/// Most keys remembered; beyond it the memory starts anew.
const REMEMBERED: usize = 10_000;

/// Who makes a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The key that was shown.
    pub key: KeyId,
    /// Who pays.
    pub account: AccountId,
    /// To which project it counts.
    pub project: ProjectId,
    /// The account's currency.
    pub currency: Currency,
    /// The key as it may be shown.
    pub masked: String,
}

/// A new key; it is shown once and never stored.
///
/// # Errors
/// When the machine gives no random numbers.
pub fn generate_key() -> Result<String, Error> {
    let mut key = PREFIX.to_owned();
    let mut bytes = [0_u8; 64];
    while key.len() < PREFIX.len() + LENGTH {
        getrandom::fill(&mut bytes).map_err(|error| Error::Internal(Box::new(error)))?;
        // 248 is the largest multiple of 62 in a byte: the rest would favour some letters.
        let letters = bytes.iter().filter(|byte| **byte < 248).map(|byte| LETTERS[usize::from(*byte) % LETTERS.len()]);
        key.extend(letters.take(PREFIX.len() + LENGTH - key.len()).map(char::from));
    }
    Ok(key)
}

/// The key as it may be shown: `apikey-55***…***91`, one star a hidden
/// character. Of what is too short to be a key nothing is shown.
#[must_use]
pub fn mask(key: &str) -> String {
    let secret: Vec<char> = key.strip_prefix(PREFIX).unwrap_or(key).chars().collect();
    let shown = |at: usize| secret.len() >= 8 && (at < 2 || at + 2 >= secret.len());
    let masked = secret.iter().enumerate().map(|(at, c)| if shown(at) { *c } else { '*' });
    PREFIX.chars().chain(masked).collect()
}

/// What is stored of a key.
#[must_use]
pub fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Recognises keys, with a short memory so that a busy key costs no statement
/// a request.
#[derive(Debug, Default)]
pub struct Authenticator {
    seen: Mutex<HashMap<[u8; 32], Seen>>,
}

#[derive(Clone, Debug)]
struct Seen {
    caller: Arc<Caller>,
    expires_at: Option<Timestamp>,
    asked_at: Timestamp,
}

impl Authenticator {
    /// Who holds the key in an `Authorization` header.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] without a bearer key, [`Error::KeyNotValid`]
    /// when it is unknown, revoked or expired or its account is closed.
    pub async fn authenticate(&self, db: &Db, header: Option<&[u8]>, now: Timestamp) -> Result<Arc<Caller>, Error> {
        let key = header.and_then(bearer).ok_or(Error::Unauthenticated)?;
        let hash = hash(key);
        let seen = match self.recall(&hash, now) {
            Some(seen) => seen,
            // Boxed, so that known keys do not carry the state of a query about.
            None => Box::pin(self.look_up(db, hash, now)).await?,
        };
        match seen.expires_at {
            Some(expires_at) if expires_at <= now => Err(Error::KeyNotValid),
            _ => Ok(seen.caller),
        }
    }

    fn recall(&self, hash: &[u8; 32], now: Timestamp) -> Option<Seen> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()?;
        let age = now.milliseconds() - seen.asked_at.milliseconds();
        (0..TRUSTED_MS).contains(&age).then_some(seen)
    }

    async fn look_up(&self, db: &Db, hash: [u8; 32], now: Timestamp) -> Result<Seen, Error> {
        let holder = keys::holder(db, &hash).await?.ok_or(Error::KeyNotValid)?;
        if holder.is_revoked || !bool::from(holder.hash.ct_eq(&hash)) {
            return Err(Error::KeyNotValid);
        }
        let currency = holder.currency.parse().map_err(|error| Error::Internal(Box::new(error)))?;
        let caller = Caller {
            key: holder.key,
            account: holder.account,
            project: holder.project,
            currency,
            masked: holder.masked,
        };
        let seen = Seen { caller: Arc::new(caller), expires_at: holder.expires_at, asked_at: now };
        let mut memory = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= REMEMBERED {
            memory.clear();
        }
        memory.insert(hash, seen.clone());
        Ok(seen)
    }
}

/// The key in `Bearer apikey-…` (RFC 6750, §2.1; the scheme's case does not
/// matter, RFC 9110, §11.1).
fn bearer(header: &[u8]) -> Option<&str> {
    let (scheme, key) = std::str::from_utf8(header).ok()?.trim().split_once(' ')?;
    let key = key.trim();
    let usable = scheme.eq_ignore_ascii_case("bearer") && !key.is_empty() && !key.contains(char::is_whitespace);
    usable.then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_have_the_shape_of_the_references() {
        let (a, b) = (generate_key().expect("random numbers"), generate_key().expect("random numbers"));
        assert_ne!(a, b);
        assert_eq!(a.len(), 42);
        assert!(a.starts_with(PREFIX) && a[7..].bytes().all(|c| c.is_ascii_alphanumeric()));
    }

    #[test]
    fn a_masked_key_shows_four_characters() {
        let key = "apikey-55abcdefghijklmnopqrstuvwxyzABCDE91";
        assert_eq!(mask(key), "apikey-55*******************************91");
        assert_eq!(mask("apikey-123"), "apikey-***");
        assert_eq!(mask(""), "apikey-");
    }

    #[test]
    fn only_a_bearer_key_is_taken() {
        let check = |header: &[u8], expected| assert_eq!(bearer(header), expected);
        check(b"Bearer apikey-1", Some("apikey-1"));
        check(b"bearer   apikey-1 ", Some("apikey-1"));
        check(b"Basic dXNlcg==", None);
        check(b"apikey-1", None);
        check(b"Bearer ", None);
        check(b"Bearer a b", None);
        check(b"Bearer \xff", None);
    }
}
