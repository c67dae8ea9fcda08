//! The router in process on a real database, once for each engine.
//!
//! SQLite needs nothing. With the address of a PostgreSQL server in
//! `TEST_POSTGRES_URL` (`make test` sets it) every test runs there too; without
//! it that half says so and is left out.

mod accounts;
mod assistant_attachments;
mod assistant_knowledge;
mod assistant_order;
mod assistant_stream;
mod assistants;
mod directory;
mod echo;
mod enrichment;
mod faults;
mod idempotency;
mod indexing;
mod knowledgebase;
mod leads;
mod limits;
mod model_failures;
mod money;
mod openapi;
mod operation;
mod queue;
mod rendering;
mod requests;
mod searching;
mod support;
mod tasks;
mod upgrade;
mod webhooks;
