//! The kit checks itself: labels stand in the pages, links lead somewhere, the
//! server answers as the sites' settings say.

mod labels;
mod pages;
mod serving;
mod text;
mod world;
mod world_search;
