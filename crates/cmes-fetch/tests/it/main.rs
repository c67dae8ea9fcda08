//! The fetcher against real servers on this machine, well-behaved and other ones.

mod addresses;
mod cache;
mod limits;
mod parts;
mod politeness;
mod post;
mod redirects;
mod robots;
mod server;
mod service;
mod sites;
mod text;
