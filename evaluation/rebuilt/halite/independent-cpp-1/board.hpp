// The board, its generator and the rules of one turn.
#pragma once
#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

enum Direction { STILL, NORTH, EAST, SOUTH, WEST };

struct Site {
    int owner = 0;
    int strength = 0;
    int production = 0;
};

class Board {
public:
    int width = 0, height = 0;
    std::vector<Site> sites;

    int size() const { return width * height; }

    int neighbour(int cell, int direction) const {
        int x = cell % width, y = cell / width;
        switch (direction) {
            case NORTH: y = (y + height - 1) % height; break;
            case EAST: x = (x + 1) % width; break;
            case SOUTH: y = (y + 1) % height; break;
            case WEST: x = (x + width - 1) % width; break;
        }
        return y * width + x;
    }

    std::vector<int> territory(int players) const {
        std::vector<int> count(players + 1, 0);
        for (const Site& s : sites) count[s.owner]++;
        return count;
    }

    // Run-length owners, then all strengths.
    std::string encode() const {
        std::string owners, strengths;
        for (int i = 0, run = 1; i < size(); i++, run++) {
            strengths += std::to_string(sites[i].strength) + ' ';
            if (i + 1 < size() && sites[i + 1].owner == sites[i].owner) continue;
            owners += std::to_string(run) + ' ' + std::to_string(sites[i].owner) + ' ';
            run = 0;
        }
        return owners + strengths;
    }

    // One turn: grow, move and merge, fight.
    void step(const std::vector<int>& moves, int players) {
        const int absent = -1;
        std::vector<std::vector<int>> force(players + 1, std::vector<int>(size(), absent));
        for (int i = 0; i < size(); i++) {
            const Site& s = sites[i];
            if (!s.owner) continue;
            std::vector<int>& mine = force[s.owner];
            int power = s.strength;
            if (moves[i] == STILL) power = std::min(255, power + s.production);
            int target = neighbour(i, moves[i]);
            mine[target] = std::min(255, std::max(mine[target], 0) + power);
            mine[i] = std::max(mine[i], 0);
        }
        std::vector<Site> next = sites;
        for (int i = 0; i < size(); i++) {
            int neutral = sites[i].owner == 0 ? sites[i].strength : 0;
            int remaining = neutral;
            next[i].owner = 0;
            int survivor = 0, survivorStrength = 0;
            for (int p = 1; p <= players; p++) {
                if (force[p][i] == absent) continue;
                int damage = neutral;
                bool fought = neutral > 0;
                for (int q = 1; q <= players; q++) {
                    if (q == p) continue;
                    for (int d = STILL; d <= WEST; d++) {
                        int other = force[q][neighbour(i, d)];
                        if (other == absent) continue;
                        damage += other;
                        fought = true;
                    }
                }
                remaining -= force[p][i];
                if (fought && damage >= force[p][i]) continue;
                survivor = p;
                survivorStrength = force[p][i] - damage;
            }
            next[i].owner = survivor;
            next[i].strength = survivor ? survivorStrength : std::max(0, remaining);
        }
        sites.swap(next);
    }
};

// Smooth noise between 0 and 1 on a torus: random values, blurred at several scales.
inline std::vector<double> makeNoise(int w, int h, std::mt19937& rng) {
    std::vector<double> total(w * h, 0.0);
    double weight = 1;
    for (int blur = 0; blur <= 8; blur = blur ? blur * 2 : 1, weight *= 2.2) {
        std::vector<double> layer(w * h);
        for (double& v : layer) v = rng() / 4294967296.0;
        for (int pass = 0; pass < blur; pass++) {
            std::vector<double> old = layer;
            for (int i = 0; i < w * h; i++) {
                int x = i % w, row = i - x;
                double across = old[row + (x + 1) % w] + old[row + (x + w - 1) % w];
                double down = old[(i + w) % (w * h)] + old[(i + w * h - w) % (w * h)];
                layer[i] = (2 * old[i] + across + down) / 6;
            }
        }
        for (int i = 0; i < w * h; i++) total[i] += weight * layer[i];
    }
    double low = *std::min_element(total.begin(), total.end());
    double high = *std::max_element(total.begin(), total.end());
    for (double& v : total) v = high > low ? (v - low) / (high - low) : 0.5;
    return total;
}

// Makes one chunk and repeats it so that every player sees the same map.
// Odd counts: rows of chunks, each moved sideways. Even counts: pairs of
// mirrored rows, in columns that are moved downwards. Empty if too small.
inline Board generateBoard(int width, int height, int players, unsigned seed) {
    std::mt19937 rng(seed);
    Board board;
    bool mixed = players == 4 || players == 6;
    bool transpose = rng() % 2 == 0 && mixed;
    if (transpose) std::swap(width, height);

    int columns = mixed ? players / 2 : 1;
    int rows = mixed ? 2 : players;
    int widthUnit = mixed ? columns : players;
    int heightUnit = mixed ? 2 * (players == 6 ? 6 : 4) : players;
    width -= width % widthUnit;
    height -= height % heightUnit;
    if (width < 1 || height < 1) return board;

    int cw = width / columns, ch = height / rows;
    std::vector<double> rich = makeNoise(cw, ch, rng), hard = makeNoise(cw, ch, rng);
    board.width = transpose ? height : width;
    board.height = transpose ? width : height;
    board.sites.resize(width * height);
    int nextPlayer = 1;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            int column = x / cw, row, cx, cy;
            if (players % 2) {
                row = y / ch;
                cx = (x + row * (width / players)) % cw;
                cy = y % ch;
            } else {
                int sy = (y + column * (height / columns)) % height;
                row = sy / ch;
                cx = x % cw;
                cy = row % 2 ? ch - 1 - sy % ch : sy % ch;
            }
            Site& s = board.sites[transpose ? x * height + y : y * width + x];
            double p = rich[cy * cw + cx], q = hard[cy * cw + cx];
            s.production = 1 + int(std::lround(14 * p * p));
            s.strength = std::min(255, int(std::lround(12 + 150 * p * (0.4 + 0.6 * q) + 40 * q)));
            if (cx == cw / 2 && cy == ch / 2) s.owner = nextPlayer++;
        }
    }
    return board;
}
