#!/bin/sh
cd "$(dirname "$0")" && g++ -std=c++17 -O1 -Wall -o program src/*.cpp
