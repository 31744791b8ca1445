#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(description = "D.")]
    GoneAway,
}

fn main() {}
