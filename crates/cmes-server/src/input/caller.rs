//! Who may call, as an argument of the handler.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use cmes_app::Caller;
use http::request::Parts;
use http::{HeaderName, header};

use crate::Server;
use crate::context::RequestContext;
use crate::problem::{Kind, Problem};

const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The holder of a valid key with requests left in this minute.
#[derive(Clone)]
pub(crate) struct Authenticated(Arc<Caller>);

impl Deref for Authenticated {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl FromRequestParts<Arc<Server>> for Authenticated {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let app = &server.app;
        let now = app.clock.now();
        let header = parts.headers.get(header::AUTHORIZATION).map(http::HeaderValue::as_bytes);
        let caller = app.authenticator.authenticate(&app.db, header, now).await?;
        let quota = server.rate.count(caller.key, now);
        if let Some(context) = parts.extensions.get::<Arc<RequestContext>>() {
            let headers = [(RATE_LIMIT_POLICY, server.rate.policy_header()), (RATE_LIMIT, quota.header())];
            for (name, value) in headers {
                if let Some(value) = value {
                    context.add_header(name, value);
                }
            }
        }
        if !quota.admitted {
            let detail = format!(
                "this API key may make {} requests a minute; wait {} s, or ask the operator for more",
                quota.limit, quota.reset
            );
            return Err(Problem::new(Kind::TooManyRequests, detail).retry_after(quota.reset));
        }
        Ok(Self(caller))
    }
}
