mod details;
mod lenient;
mod mapping;
mod messages;
mod random;
mod registering;
mod standard;
mod standard_text;
