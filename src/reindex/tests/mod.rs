//! What a night promises, over whole nights.

mod bench;
mod damage;
mod equal;
mod feed;
mod gate;
mod run;
mod steps;
