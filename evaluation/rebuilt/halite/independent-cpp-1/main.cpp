// Game environment: reads the command line, runs the bots and writes the replay.
#include "board.hpp"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using std::string;
using std::vector;

struct Option {
    char flag;
    string name, value, description;  // value is empty for switches
    bool seen = false;
    Option(char f, string n, string v, string d) : flag(f), name(n), value(v), description(d) {}
    string shortForm() const { return string("-") + flag; }
    string label() const { return "-" + string(1, flag) + " (--" + name + ")"; }
};

struct Settings {
    string directory = ".";
    unsigned seed = 0;
    int width = 0, height = 0, mapPlayers = 0;
    bool haveSeed = false, haveSize = false, haveMapPlayers = false;
    bool noReplay = false, ignoreTimeout = false, override = false, quiet = false;
    vector<string> words;
};

static vector<Option> options = {
    {'i', "replaydirectory", "path to directory", "The path to directory for replay output."},
    {'s', "seed", "positive integer", "The seed for the map generator."},
    {'d', "dimensions", "a string containing two space-seprated positive integers", "The dimensions of the map."},
    {'n', "nplayers", "{1,2,3,4,5,6}", "Create a map that will accommodate n players [SINGLE PLAYER MODE ONLY]."},
    {'r', "noreplay", "", "Turns off the replay generation."},
    {'t', "timeout", "", "Causes game environment to ignore timeouts (give all bots infinite time)."},
    {'o', "override", "", "Overrides player-sent names using cmd args [SERVER ONLY]."},
    {'q', "quiet", "", "Runs game in quiet mode, producing machine-parsable output."},
    {'-', "ignore_rest", "", "Ignores the rest of the labeled arguments following this flag."},
    {0, "version", "", "Displays version information and exits."},
    {'h', "help", "", "Displays usage information and exits."}, };

static void printWrapped(std::ostream& out, const string& text, int indent, int hang) {
    size_t start = 0;
    int margin = indent;
    do {
        size_t room = 75 - margin, end = text.size();
        if (end - start > room) end = text.rfind(' ', start + room);
        if (end == string::npos || end <= start) end = std::min(text.size(), start + room);
        out << string(margin, ' ') << text.substr(start, end - start) << "\n";
        start = end;
        while (start < text.size() && text[start] == ' ') start++;
        margin = indent + hang;
    } while (start < text.size());
}

static void printSynopsis(std::ostream& out, const string& program) {
    string line = program + " ";
    for (const Option& o : options) {
        line += " [" + (o.flag == '-' ? string("--") : o.flag ? o.shortForm() : "--" + o.name);
        if (!o.value.empty()) line += " <" + o.value + ">";
        line += "]";
    }
    printWrapped(out, line + " <Array of strings> ...", 3, program.size() + 2);
}

static void printHelp(const string& program) {
    std::cout << "\nUSAGE: \n\n";
    printSynopsis(std::cout, program);
    std::cout << "\n\nWhere: \n\n";
    for (const Option& o : options) {
        string value = o.value.empty() ? "" : " <" + o.value + ">";
        string line = o.flag ? o.shortForm() + value + ",  " : "";
        printWrapped(std::cout, line + "--" + o.name + value, 3, 3);
        printWrapped(std::cout, o.description, 5, 0);
        std::cout << "\n";
    }
    std::cout << "   <Array of strings>  (accepted multiple times)\n"
                 "     Start commands for bots.\n\n\n   Halite Game Environment\n\n";
}

struct UsageError : std::runtime_error {
    string label;
    UsageError(const string& l, const string& text) : std::runtime_error(text), label(l) {}
};

static void setValue(Settings& s, const Option& o, const string& text) {
    std::istringstream in(text);
    bool ok = true;
    switch (o.flag) {
        case 'i': s.directory = text; return;
        case 's': ok = bool(in >> s.seed); s.haveSeed = true; break;
        case 'd': ok = bool(in >> s.width >> s.height); s.haveSize = true; break;
        case 'n': ok = bool(in >> s.mapPlayers); s.haveMapPlayers = true; break;
    }
    string rest;
    if (!ok || in >> rest) throw UsageError(o.label(), "Couldn't read argument value from string '" + text + "'");
}

static void applySwitch(Settings& s, Option& o, bool& onlyWords, const string& program) {
    switch (o.flag) {
        case 'r': s.noReplay = true; break;
        case 't': s.ignoreTimeout = true; break;
        case 'o': s.override = true; break;
        case 'q': s.quiet = true; break;
        case '-': onlyWords = true; break;
        case 'h': printHelp(program); exit(0);
        case 0: std::cout << "\n" << program << "  version: 1.2\n\n"; exit(0);
    }
}

static Option* findOption(const string& word) {
    for (Option& o : options) if (word == "--" + o.name || (o.flag && word == o.shortForm())) return &o;
    return nullptr;
}

static Settings parseArguments(int argc, char** argv) {
    Settings s;
    string program = argv[0];
    bool onlyWords = false;
    for (int i = 1; i < argc; i++) {
        string word = argv[i];
        vector<Option*> found;
        if (!onlyWords) {
            if (Option* o = findOption(word)) {
                found.push_back(o);
            } else if (word.size() > 2 && word[0] == '-' && word[1] != '-') {
                for (char c : word.substr(1)) {  // switches run together: -qr
                    Option* o = findOption(string("-") + c);
                    if (!o || !o->value.empty()) { found.clear(); break; }
                    found.push_back(o);
                }
            }
        }
        if (found.empty()) s.words.push_back(word);
        for (Option* o : found) {
            if (o->seen) throw UsageError(o->label(), "Argument already set!");
            o->seen = true;
            if (o->value.empty()) {
                applySwitch(s, *o, onlyWords, program);
            } else {
                if (++i >= argc) throw UsageError(o->label(), "Missing a value for this argument!");
                setValue(s, *o, argv[i]);
            }
        }
    }
    return s;
}

struct Bot {
    string command, name, buffer, log;
    pid_t pid = -1;
    int in = -1, out = -1;  // our ends of the pipes
    bool alive = true, failed = false;
    int lastFrame = -1;
    long territory = 0, territorySum = 0;

    void launch() {
        int down[2], up[2];
        if (pipe(down) || pipe(up)) throw std::runtime_error("Could not create pipes");
        fcntl(down[1], F_SETFD, FD_CLOEXEC);
        fcntl(up[0], F_SETFD, FD_CLOEXEC);
        pid = fork();
        if (pid == 0) {
            setpgid(0, 0);
            signal(SIGPIPE, SIG_DFL);
            dup2(down[0], 0);
            dup2(up[1], 1);
            dup2(up[1], 2);
            close(down[0]);
            close(up[1]);
            execl("/bin/sh", "sh", "-c", command.c_str(), (char*)nullptr);
            _exit(127);
        }
        close(down[0]);
        close(up[1]);
        in = up[0];
        out = down[1];
        fcntl(out, F_SETFL, O_NONBLOCK);
    }

    bool send(const string& text) {
        size_t done = 0;
        while (done < text.size()) {
            ssize_t n = write(out, text.data() + done, text.size() - done);
            pollfd p{out, POLLOUT, 0};
            if (n > 0) done += n;
            else if (errno != EAGAIN || poll(&p, 1, 1000) == 0) return false;
        }
        return true;
    }

    bool takeLine(string& line) {
        size_t end = buffer.find('\n');
        if (end == string::npos) return false;
        line = buffer.substr(0, end);
        buffer.erase(0, end + 1);
        return true;
    }

    void stop() {
        if (pid < 0) return;
        kill(-pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        close(in);
        close(out);
        pid = -1;
    }
};

class Game {
public:
    Game(const Settings& s, vector<Bot>& b, const Board& start)
        : settings(s), bots(b), board(start), players(b.size()) {}

    void run() {
        initialise();
        record();
        int limit = int(10 * std::sqrt(double(board.size())));
        for (turn = 1; turn <= limit && !over(); turn++) {
            say("Turn " + std::to_string(turn));
            playTurn();
        }
        rank();
        for (Bot& b : bots) b.stop();
    }

    const vector<int>& ranking() const { return order; }

    string replay() const {
        std::ostringstream out;
        auto cells = [&](auto cell) {
            rows(out, board.height, [&](size_t y) {
                rows(out, board.width, [&](size_t x) { cell(y * board.width + x); });
            });
        };
        out << "{\"frames\":";
        rows(out, frames.size(), [&](size_t f) {
            cells([&](size_t i) { out << '[' << frames[f][i].first << ',' << frames[f][i].second << ']'; });
        });
        out << ",\"height\":" << board.height << ",\"moves\":";
        rows(out, moves.size(), [&](size_t f) { cells([&](size_t i) { out << moves[f][i]; }); });
        out << ",\"num_frames\":" << frames.size() << ",\"num_players\":" << players << ",\"player_names\":";
        rows(out, bots.size(), [&](size_t i) { out << quoted(bots[i].name); });
        out << ",\"productions\":";
        cells([&](size_t i) { out << board.sites[i].production; });
        out << ",\"version\":11,\"width\":" << board.width << "}";
        return out.str();
    }

private:
    const Settings& settings;
    vector<Bot>& bots;
    Board board;
    int players, turn = 0;
    vector<vector<std::pair<int, int>>> frames;
    vector<vector<int>> moves;
    vector<int> order;

    void say(const string& text) const {
        if (!settings.quiet) std::cout << text << std::endl;
    }

    template <class F> static void rows(std::ostream& out, size_t count, F item) {
        out << '[';
        for (size_t i = 0; i < count; i++) {
            if (i) out << ',';
            item(i);
        }
        out << ']';
    }

    static string quoted(const string& text) {
        string out = "\"";
        for (unsigned char c : text) {
            if (c == '"' || c == '\\') (out += '\\') += c;
            else if (c == '\t') out += "\\t";
            else if (c < 32) { char b[8]; snprintf(b, sizeof b, "\\u%04x", c); out += b; }
            else out += c;
        }
        return out + "\"";
    }

    void record() {
        vector<std::pair<int, int>> frame;
        for (const Site& s : board.sites) frame.push_back({s.owner, s.strength});
        frames.push_back(frame);
        vector<int> count = board.territory(players);
        for (int p = 0; p < players; p++) {
            Bot& bot = bots[p];
            bot.territory = count[p + 1];
            bot.territorySum += count[p + 1];
            bot.alive = bot.alive && bot.territory > 0;
            if (bot.alive) bot.lastFrame = turn;
            else bot.stop();
        }
    }

    bool over() const {
        int alive = 0;
        for (const Bot& b : bots) alive += b.alive;
        return players > 1 && alive <= 1;
    }

    // Waits for one line from every listed bot; calls done(bot, ok, line) for each.
    template <class F> void collect(vector<int> waiting, int limitMs, F done) {
        using namespace std::chrono;
        auto start = steady_clock::now();
        auto elapsed = [&] { return int(duration_cast<milliseconds>(steady_clock::now() - start).count()); };
        while (!waiting.empty()) {
            vector<int> still;
            for (int b : waiting) {
                string line;
                if (bots[b].takeLine(line)) done(b, true, line, elapsed());
                else if (bots[b].failed) done(b, false, bots[b].buffer, elapsed());
                else still.push_back(b);
            }
            waiting.swap(still);
            if (waiting.empty()) return;
            int left = settings.ignoreTimeout ? -1 : std::max(0, limitMs - elapsed());
            vector<pollfd> fds;
            for (int b : waiting) fds.push_back({bots[b].in, POLLIN, 0});
            int ready = poll(fds.data(), fds.size(), left);
            for (size_t i = 0; i < fds.size(); i++) {
                Bot& bot = bots[waiting[i]];
                if (ready == 0) { bot.failed = true; continue; }
                if (!fds[i].revents) continue;
                char chunk[4096];
                ssize_t n = read(bot.in, chunk, sizeof chunk);
                if (n > 0) bot.buffer.append(chunk, n);
                else bot.failed = true;
            }
        }
    }

    void initialise() {
        string common = std::to_string(board.width) + " " + std::to_string(board.height) + " \n";
        for (const Site& s : board.sites) common += std::to_string(s.production) + ' ';
        common += "\n" + board.encode() + "\n";
        vector<int> all;
        for (int b = 0; b < players; b++) {
            bots[b].send(std::to_string(b + 1) + "\n" + common);
            say("Init Message sent to player " + std::to_string(b + 1) + ".");
            all.push_back(b);
        }
        collect(all, 30000, [&](int b, bool ok, const string& line, int ms) {
            Bot& bot = bots[b];
            string number = std::to_string(b + 1);
            bot.log = " --- Init ---\n";
            string name = line.substr(0, 30);
            if (ok) {
                say("Init Message received from player " + number + ", " + name + ".");
                logReply(bot, line, ms);
            } else {
                name = "Bot #" + number + "; timed out during Init";
                eject(b, line, timeoutMessage(b));
            }
            if (!settings.override) bot.name = name;
        });
    }

    static void logReply(Bot& bot, const string& line, int ms) {
        bot.log += line + "\n --- Bot used " + std::to_string(ms) + " milliseconds ---\n" + string(77, '-') + "\n";
    }

    static string timeoutMessage(int b) {
        return "Bot #" + std::to_string(b + 1) + " timeout or error (Unix) 0";
    }

    void eject(int b, const string& received, const string& message) {
        Bot& bot = bots[b];
        say(message);
        bot.log += "\nERRORED!\n";
        bot.log += received.empty() ? "No response received." : "Response received (if any):\n" + received;
        bot.stop();
        bot.alive = false;
        bot.failed = true;
        for (Site& s : board.sites)  // its pieces stay behind as neutral ones
            if (s.owner == b + 1) s.owner = 0;
    }

    void playTurn() {
        vector<int> orders(board.size(), STILL), active;
        vector<char> set(board.size(), 0);
        string map = board.encode() + "\n";
        for (int b = 0; b < players; b++) {
            if (!bots[b].alive) continue;
            bots[b].log += " --- Frame #" + std::to_string(turn) + " ---\n";
            if (!bots[b].send(map) && bots[b].buffer.empty()) bots[b].failed = true;
            active.push_back(b);
        }
        collect(active, 1000, [&](int b, bool ok, const string& line, int ms) {
            if (!ok) {
                eject(b, line, timeoutMessage(b));
            } else if (line.find_first_not_of("0123456789- ") != string::npos) {
                bots[b].log += line + "\n --- Bot used " + std::to_string(ms) + " milliseconds ---";
                eject(b, line, "Bot sent an invalid character - ejecting from game.");
            } else {
                logReply(bots[b], line, ms);
                readMoves(b + 1, line, orders, set);
            }
        });
        for (int i = 0; i < board.size(); i++) if (!board.sites[i].owner) orders[i] = STILL;
        board.step(orders, players);
        moves.push_back(orders);
        record();
    }

    void readMoves(int player, const string& line, vector<int>& orders, vector<char>& set) {
        std::istringstream in(line);
        int x, y, d;
        while (in >> x >> y >> d) {
            if (x < 0 || y < 0 || x >= board.width || y >= board.height) continue;
            int cell = y * board.width + x;
            if (d < STILL || d > WEST || board.sites[cell].owner != player) continue;
            if (!set[cell] || d < orders[cell]) orders[cell] = d;
            set[cell] = 1;
        }
    }

    void rank() {
        for (int b = players - 1; b >= 0; b--) order.push_back(b);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
            const Bot &p = bots[a], &q = bots[b];
            if (p.lastFrame != q.lastFrame) return p.lastFrame > q.lastFrame;
            if (p.territory != q.territory) return p.territory > q.territory;
            return p.territorySum > q.territorySum;
        });
    }
};

static void writeFile(const string& path, const string& text, const string& what) {
    std::ofstream out(path, std::ios::binary);
    if (!out) throw std::runtime_error("Could not open file for " + what);
    out << text;
}

static void report(const Settings& s, const Game& game, vector<Bot>& bots, const string& stamp) {
    vector<int> place(bots.size());
    for (size_t i = 0; i < bots.size(); i++) place[game.ranking()[i]] = i + 1;
    string failed, logs;
    for (size_t i = 0; i < bots.size(); i++) {
        const Bot& b = bots[i];
        if (s.quiet) std::cout << i + 1 << ' ' << place[i] << ' ' << b.lastFrame << "\n";
        else std::cout << "Player #" << i + 1 << ", " << b.name << ", came in rank #" << place[i]
                      << " and was last alive on frame #" << b.lastFrame << "!\n";
        if (!b.failed) continue;
        string log = std::to_string(i + 1) + "-" + stamp + ".log";
        failed += std::to_string(i + 1) + " ";
        logs += log + " ";
        writeFile(log, b.log, "log");
    }
    if (s.quiet) std::cout << (failed.empty() ? " " : failed) << "\n" << (logs.empty() ? " " : logs);
    std::cout.flush();
}

static int refuse(const string& text) {
    std::cout << text << "\n";
    return 1;
}

int main(int argc, char** argv) {
    signal(SIGPIPE, SIG_IGN);
    Settings s;
    try {
        s = parseArguments(argc, argv);
    } catch (const UsageError& e) {
        std::cerr << "PARSE ERROR: Argument: " << e.label << "\n             " << e.what() << "\n\nBrief USAGE: \n";
        printSynopsis(std::cerr, argv[0]);
        std::cerr << "\nFor complete USAGE and HELP type: \n   " << argv[0] << " --help\n\n";
        return 1;
    }
    if (s.words.empty())  return refuse("Please provide the launch command string for at least one bot.\n"
                     "Use the --help flag for usage details.");
    if (s.override && (s.words.size() % 2 || s.words.size() < 4)) 
        return refuse("Invalid number of player parameters with override switch enabled.  "
                     "Override intended for server use only.");
    vector<Bot> bots;
    for (size_t i = 0; i < s.words.size(); i++) {
        Bot bot;
        bot.command = s.words[i];
        if (s.override) bot.name = s.words[++i];
        else if (!s.quiet) std::cout << bot.command << std::endl;
        bots.push_back(bot);
        std::cout << (s.quiet && s.override ? "" : bot.command + "\n");
    }
    std::cout.flush();
    if (s.haveMapPlayers && bots.size() > 1)
        return refuse("\nOnly single-player mode enables specified n-player maps.  "
                     "When entering multiple bots, please do not try to specify n.\n");
    int mapPlayers = s.haveMapPlayers ? s.mapPlayers : int(bots.size());
    if (mapPlayers < 1 || mapPlayers > 6)  return refuse("\nA map can only accommodate between 1 and 6 players.\n");
    std::random_device entropy;
    if (!s.haveSeed) s.seed = entropy() ^ unsigned(time(nullptr));
    if (!s.haveSize) s.width = s.height = 20 + 5 * int(entropy() % 7);
    Board board = generateBoard(s.width, s.height, mapPlayers, s.seed);
    if (board.size() == 0) {
        std::cerr << "The map is too small for this many players." << std::endl;
        return 139;
    }
    for (Site& site : board.sites) if (site.owner > int(bots.size())) site.owner = 0;
    std::cout << board.width << ' ' << board.height << std::endl;
    try {
        for (Bot& b : bots) b.launch();
        Game game(s, bots, board);
        game.run();
        string stamp = std::to_string(time(nullptr)), path;
        if (!s.noReplay) {
            string dir = s.directory;
            if (dir.empty() || dir.back() != '/') dir += '/';
            path = dir + stamp + "-" + std::to_string(s.seed) + ".hlt";
            if (!s.quiet) std::cout << "Map seed was " << s.seed << "\nOpening a file at " << path << std::endl;
            writeFile(path, game.replay(), "replay");
            if (s.quiet) std::cout << path << ' ' << s.seed << std::endl;
        }
        report(s, game, bots, stamp);
    } catch (const std::exception& e) {
        std::cerr << e.what() << std::endl;
        return 134;
    }
    return 0;
}
