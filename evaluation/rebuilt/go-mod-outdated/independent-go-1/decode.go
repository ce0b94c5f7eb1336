package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readModules decodes the concatenated JSON objects of go list.
func readModules(in io.Reader) ([]Module, error) {
	var modules []Module
	decoder := json.NewDecoder(in)
	for {
		var m Module
		err := decoder.Decode(&m)
		if err == io.EOF {
			return modules, nil
		}
		if err != nil {
			return nil, explain(err)
		}
		modules = append(modules, m)
	}
}

// explain words type errors independently of where Module is declared.
func explain(err error) error {
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) {
		return err
	}
	target := wrongType.Type.Name()
	if target == "Module" || target == "" {
		target = "mod.Module"
	}
	if wrongType.Field == "" {
		return fmt.Errorf("json: cannot unmarshal %s into Go value of type %s",
			wrongType.Value, target)
	}
	return fmt.Errorf("json: cannot unmarshal %s into Go struct field %s.%s of type %s",
		wrongType.Value, wrongType.Struct, wrongType.Field, target)
}
