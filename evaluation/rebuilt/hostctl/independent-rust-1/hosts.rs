use std::fmt;
use std::net::IpAddr;

pub const RULE: &str = "##################################################################";
pub const NOTICE: &str = "# Content under this line is handled by hostctl. DO NOT EDIT.";
/// Written in place of an address that could not be parsed.
pub const NO_IP: &str = "<nil>";

#[derive(Clone, Copy, PartialEq)]
pub enum Status {
    On,
    Off,
}

impl Status {
    pub fn flipped(self) -> Self {
        match self {
            Status::On => Status::Off,
            Status::Off => Status::On,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Status::On => "",
            Status::Off => "# ",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Status::On => "on",
            Status::Off => "off",
        })
    }
}

pub enum Line {
    Route { status: Status, ip: String, host: String },
    Text(String),
}

pub struct Profile {
    pub name: String,
    pub status: Status,
    pub routes: Vec<(String, Vec<String>)>,
}

impl Profile {
    pub fn add<'a>(&mut self, ip: &str, hosts: impl IntoIterator<Item = &'a str>) {
        for host in hosts {
            match self.routes.iter_mut().find(|(known, _)| known == ip) {
                Some((_, list)) if list.iter().any(|h| h == host) => {}
                Some((_, list)) => list.push(host.to_string()),
                None => self.routes.push((ip.to_string(), vec![host.to_string()])),
            }
        }
    }

    pub fn add_text(&mut self, text: &str) {
        for (ip, hosts) in text.lines().filter_map(parse_route) {
            self.add(&ip, hosts);
        }
    }

    pub fn drop_hosts(&mut self, unwanted: &[String]) {
        for (_, hosts) in &mut self.routes {
            hosts.retain(|h| !unwanted.contains(h));
        }
        self.routes.retain(|(_, hosts)| !hosts.is_empty());
    }
}

#[derive(Default)]
pub struct Hosts {
    pub defaults: Vec<Line>,
    pub profiles: Vec<Profile>,
}

pub struct Row {
    pub profile: String,
    pub status: Status,
    pub ip: String,
    pub host: String,
}

pub fn normal_ip(text: &str) -> Option<String> {
    text.parse::<IpAddr>().ok().map(|ip| ip.to_string())
}

fn parse_route(line: &str) -> Option<(String, Vec<&str>)> {
    let line = line.trim();
    let line = line.strip_prefix("# ").unwrap_or(line);
    let mut words = line.split('#').next()?.split_whitespace();
    let ip = normal_ip(words.next()?)?;
    let hosts: Vec<_> = words.collect();
    (!hosts.is_empty()).then_some((ip, hosts))
}

fn parse_header(line: &str) -> Option<(Status, &str)> {
    let rest = line.strip_prefix("# profile")?;
    let (status, rest) = if let Some(rest) = rest.strip_prefix(".off") {
        (Status::Off, rest)
    } else {
        (Status::On, rest.strip_prefix(".on").unwrap_or(rest))
    };
    let name = rest.trim();
    (rest.starts_with(char::is_whitespace) && !name.is_empty()).then_some((status, name))
}

impl Hosts {
    pub fn parse(text: &str) -> Self {
        let mut hosts = Hosts::default();
        let mut current: Option<usize> = None;
        for raw in text.lines() {
            let line = raw.trim();
            if let Some((status, name)) = parse_header(line) {
                let index = hosts.index_or_create(name);
                hosts.profiles[index].status = status;
                current = Some(index);
                continue;
            }
            match (line, current, parse_route(line)) {
                ("# end", ..) => current = None,
                (RULE | NOTICE, ..) => {}
                (_, Some(index), Some((ip, names))) => hosts.profiles[index].add(&ip, names),
                (_, Some(_), None) => {}
                (_, None, Some((ip, names))) => hosts.defaults.push(Line::Route {
                    status: if raw.starts_with("# ") { Status::Off } else { Status::On },
                    ip,
                    host: names[0].to_string(),
                }),
                (_, None, None) => hosts.defaults.push(Line::Text(line.to_string())),
            }
        }
        hosts
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Profile> {
        self.profiles.iter_mut().find(|p| p.name == name)
    }

    fn index_or_create(&mut self, name: &str) -> usize {
        self.profiles.iter().position(|p| p.name == name).unwrap_or_else(|| {
            self.profiles.push(Profile { name: name.to_string(), status: Status::On, routes: Vec::new() });
            self.profiles.len() - 1
        })
    }

    pub fn entry(&mut self, name: &str) -> &mut Profile {
        let index = self.index_or_create(name);
        &mut self.profiles[index]
    }

    pub fn remove(&mut self, name: &str) {
        self.profiles.retain(|p| p.name != name);
    }

    pub fn has_all(&self, names: &[String]) -> bool {
        names.iter().all(|n| self.profiles.iter().any(|p| p.name == *n))
    }

    /// Rows of the named profiles, or of everything when no name is given.
    pub fn rows(&self, names: &[String], only: Option<Status>) -> Vec<Row> {
        let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
        let defaults = self.defaults.iter().filter(|_| wanted("default")).filter_map(|line| match line {
            Line::Route { status, ip, host } => {
                Some(Row { profile: "default".into(), status: *status, ip: ip.clone(), host: host.clone() })
            }
            Line::Text(_) => None,
        });
        let handled = self
            .profiles
            .iter()
            .filter(|p| wanted(&p.name) && only.map_or(true, |s| s == p.status))
            .flat_map(|p| {
                let routes = p.routes.iter().filter(|(ip, _)| ip != NO_IP);
                routes.flat_map(move |(ip, hosts)| {
                    hosts.iter().map(move |host| Row {
                        profile: p.name.clone(),
                        status: p.status,
                        ip: ip.clone(),
                        host: host.clone(),
                    })
                })
            });
        defaults.chain(handled).collect()
    }
}

impl fmt::Display for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut after_blank = false;
        for line in &self.defaults {
            match line {
                Line::Text(text) if text.is_empty() && after_blank => continue,
                Line::Text(text) => writeln!(f, "{text}")?,
                Line::Route { status, ip, host } => writeln!(f, "{}{ip} {host}", status.prefix())?,
            }
            after_blank = matches!(line, Line::Text(text) if text.is_empty());
        }
        if !after_blank {
            writeln!(f)?;
        }
        writeln!(f, "{RULE}\n{NOTICE}\n{RULE}")?;
        for p in &self.profiles {
            writeln!(f, "\n# profile.{} {}", p.status, p.name)?;
            for (ip, hosts) in &p.routes {
                for host in hosts {
                    writeln!(f, "{}{ip} {host}", p.status.prefix())?;
                }
            }
            writeln!(f, "# end")?;
        }
        Ok(())
    }
}
